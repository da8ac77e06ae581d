using System.Diagnostics;
using System.Globalization;
using AkkaStream.Client.Cluster;

namespace AkkaStream.Host.Verbs;

/// <summary>How far moves are: bytes that replicas which come still lack. On a terminal a line that overwrites itself, elsewhere one every ten seconds.</summary>
internal sealed class MoveProgress
{
    private const int Width = 24;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);
    private readonly TextWriter error;
    private readonly bool isTerminal;
    private readonly Stopwatch clock = Stopwatch.StartNew();
    private long whole = -1;
    private int all;
    private long nextMs;
    private bool isShown;

    /// <summary>A progress that is told there.</summary>
    internal MoveProgress(TextWriter error)
    {
        this.error = error;
        isTerminal = error == Console.Error && !Console.IsErrorRedirected;
    }

    /// <summary>Waits until none of the partitions that <paramref name="counts"/> takes moves any more.</summary>
    /// <param name="session">The cluster.</param>
    /// <param name="counts">Which moves to wait for.</param>
    /// <param name="cancellation">Gives up; the moves go on.</param>
    /// <returns>What the brokers said last.</returns>
    internal async Task<ClusterPicture> Wait(ClientSession session, Func<TopicPartition, bool> counts, CancellationToken cancellation)
    {
        while (true)
        {
            // A broker that is away, or a controller that is just elected, is no reason to give up.
            var picture = await session.Cluster.RetryAsync("looking at the moves", async token => await ClusterPicture.Read(session, token), cancellation);
            var moving = picture.Moving.Where(m => counts(m.Partition)).Select(m => m.Partition).ToList();
            if (moving.Count > 0) await picture.ReadSizes(session, cancellation);
            Show(LeftOf(picture, moving), moving.Count);
            if (moving.Count == 0) return picture;
            await Task.Delay(Interval, cancellation);
        }
    }

    /// <summary>Bytes that the replicas which come to these partitions still lack, as far as brokers say.</summary>
    internal static long LeftOf(ClusterPicture picture, IEnumerable<TopicPartition> moving)
    {
        var left = 0L;
        foreach (var name in moving)
        {
            if (picture.Find(name) is not var (topic, partition) || picture.Moving.FirstOrDefault(m => m.Partition == name) is not { } move) continue;
            foreach (var broker in move.Adding) left += picture.LacksOf(topic, partition, broker) ?? 0;
        }

        return left;
    }

    /// <summary>The line: a bar, what is left, how fast it goes, and how long it will take.</summary>
    internal static string Line(long left, long whole, int partitions, int all, double seconds)
    {
        var share = whole <= 0 ? (all == 0 ? 1 : 1 - ((double)partitions / all)) : Math.Clamp(1 - ((double)left / whole), 0, 1);
        if (partitions == 0) share = 1;
        var full = (int)(share * Width);
        var bar = new string('#', full) + new string('-', Width - full);
        var speed = seconds < 0.5 ? 0 : (whole - left) / seconds;
        var rest = partitions == 0 || speed < 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", {new ByteCount((long)speed)}/s, about {Duration(left / speed)} to go");
        return string.Create(CultureInfo.InvariantCulture, $"[{bar}] {share * 100:0} %, {all - partitions} of {all} partitions done, {new ByteCount(left)} left{rest}");
    }

    private static string Duration(double seconds) => seconds switch
    {
        < 90 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds):0} s"),
        < 5400 => string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(seconds / 60):0} min"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{seconds / 3600:0.0} h"),
    };

    private void Show(long left, int partitions)
    {
        if (whole < 0) (whole, all) = (left, partitions);
        whole = Math.Max(whole, left); // what is written meanwhile has to be moved too
        all = Math.Max(all, partitions);
        if (all == 0) return;
        var isLast = partitions == 0;
        if (!isLast && !isTerminal && clock.ElapsedMilliseconds < nextMs) return;
        nextMs = clock.ElapsedMilliseconds + 10_000;
        if (isLast && !isShown) return;
        isShown = true;
        error.Write((isTerminal ? "\r" : "") + Line(left, whole, partitions, all, clock.Elapsed.TotalSeconds) + (isTerminal ? "\u001b[K" + (isLast ? "\n" : "") : "\n"));
    }
}
