using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Metadata;
using AkkaStream.Actors.Partitions;
using AkkaStream.Actors.Partitions.Moving;
using AkkaStream.Actors.Storage;
using AkkaStream.Actors.Storage.Memory;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Records;
using AkkaStream.Tests.Actors.Storage;

namespace AkkaStream.Tests.Actors.Partitions;

/// <summary>
/// A move of a log of several segments, whose start is not the first record, with appends in between: it ends at every single operation on the disk, of copying, catching up and taking
/// the place; then comes the next start. What was flushed is there, once, in one directory, and the move can be gone on with.
/// </summary>
public sealed class MoveCrashTests
{
    private const int MostOperations = 600;
    private const int Start = 5;

    private static readonly PartitionName Name = new("t", 0);
    private static readonly Guid Topic = new(7, 0, 0, new byte[8]);
    private static readonly MetadataImage Image = MetadataImage.Empty.With([new TopicRecord { Name = "t", TopicId = Topic }, Placement.NewPartition(Topic, 0, [1])], 2);
    private static readonly TopicConfig Settings = TopicConfig.Create(
        new Dictionary<string, string> { ["internal.segment.bytes"] = "1500", ["index.interval.bytes"] = "400", ["retention.ms"] = "-1", ["file.delete.delay.ms"] = "0" },
        BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = "1" }));

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void What_was_flushed_is_there_wherever_a_move_ends(bool losesPower)
    {
        var operations = 0;
        for (var isThrough = false; !isThrough; operations++)
        {
            Assert.True(operations < MostOperations);
            for (var seed = 0; seed < (losesPower ? 3 : 1); seed++) isThrough = new Attempt((operations * 31) + seed).Run(operations, losesPower);
        }

        Assert.True(operations > 80, "the move does little");
    }

    private sealed class Attempt(int seed)
    {
        private readonly MemoryDisk disk = new(new Random(seed));
        private readonly List<byte[]> promised = [];
        private int ids;

        // True where the move came to its end before the failure.
        public bool Run(int operations, bool losesPower)
        {
            disk.CreateDirectory("/a");
            disk.CreateDirectory("/b");
            disk.SyncDirectory("/");
            var (from, to) = (Open("/a"), Open("/b"));
            var handle = new PartitionHandle("t", Topic, 0, 0, OpenLog(from), Settings) { Home = from };
            for (var i = 0; i < 20; i++) Assert.True(Append(handle.Log));
            Assert.Equal(ErrorCode.None, handle.Log.DeleteRecords(Start, 0));
            Assert.Equal(ErrorCode.None, from.WriteCheckpoints([new(Name, handle.Log)]));

            var changes = disk.Changes;
            disk.FailAfter(operations);
            Move(handle, to);
            var isThrough = disk.Changes - changes < operations;
            if (losesPower) disk.Crash();
            disk.Heal();

            var directories = new[] { Open("/a"), Open("/b") };
            Assert.InRange(Duplicates.Resolve(directories, Image, NewId).Count(), 0, 1);
            var home = Assert.Single(directories, directory => directory.Partitions.Contains(Name));
            var log = OpenLog(home);
            Check(log);
            GoOn(log, home, directories.Single(directory => directory != home));
            return isThrough;
        }

        // As the mover and the partition do it between them. Where the disk fails, the broker ends.
        private void Move(PartitionHandle handle, LogDirectory to)
        {
            var move = new ReplicaMove(handle, to, LogDirectory.FutureName(Name, NewId()), long.MaxValue);
            if (move.Begin(0) == MoveStep.Failed) return;
            var step = MoveStep.More;
            for (var piece = 0; piece < 10 || step != MoveStep.CaughtUp; piece++)
            {
                step = move.Copy(700, 0);
                if (step == MoveStep.Failed || (piece is 2 or 5 or 9 && !Append(handle.Log))) return;
            }

            if (move.Flush() == MoveStep.Failed || !Append(handle.Log)) return;
            move.Finish(NewId(), 0, isReplica: false, out var moved);
            if (moved is null) return;
            handle.MoveTo(moved, to);
            Append(moved);
            to.WriteCheckpoints([new(Name, moved)]);
        }

        // The next start: what was begun is ended, what was not is asked for again.
        private void GoOn(PartitionLog log, LogDirectory home, LogDirectory other)
        {
            Assert.True(Append(log));
            var handle = new PartitionHandle("t", Topic, 0, 0, log, Settings) { Home = home };
            foreach (var directory in new[] { home, other })
            {
                foreach (var future in directory.Futures.Where(future => directory == home || other.TopicIdOf(future.Name) != Topic)) directory.RemoveFuture(future.Name);
            }

            var name = other.Futures.FirstOrDefault(future => disk.DirectoryExists($"{other.Path}/{future.Name}"))?.Name;
            var move = new ReplicaMove(handle, other, name ?? LogDirectory.FutureName(Name, NewId()), name is null ? long.MaxValue : log.View.EndOffset);
            Assert.Equal(MoveStep.More, move.Begin(0));
            while (move.Copy(700, 0) == MoveStep.More)
            {
            }

            Assert.Equal((MoveStep.CaughtUp, MoveStep.Done), (move.Flush(), move.Finish(NewId(), 0, isReplica: false, out var moved)));
            Check(moved!);
            Assert.True(Append(moved!));
            home.RemoveDoomed();
            other.RemoveDoomed();
            var left = disk.List("/a").Concat(disk.List("/b")).Where(entry => entry.IsDirectory);
            Assert.Equal(Name.ToString(), Assert.Single(left).Name);
        }

        // All that was promised, from the start on, in order; behind it at most the one that was on its way.
        private void Check(PartitionLog log)
        {
            Assert.Equal(Start, log.View.StartOffset);
            var found = LogContents.Batches(log);
            var expected = promised.Where(batch => TestBatch.Header(batch).LastOffset >= Start).ToList();
            Assert.InRange(found.Count, expected.Count, expected.Count + 1);
            Assert.Equal(expected, found[..expected.Count]);
            Assert.All(found, batch => Assert.True(RecordBatchHeader.IsCrcValid(batch)));
            Assert.Equal(TestBatch.Header(found[^1]).NextOffset, log.View.EndOffset);
            Assert.Equal(TestBatch.Header(found[^1]).LastSequence, log.Producers.Single().LastSequence);
            // What is found is kept from now on.
            promised.AddRange(found[expected.Count..]);
            Assert.True(Flush(log));
        }

        // Two records, durable before anybody is told of them.
        private bool Append(PartitionLog log)
        {
            var batch = TestBatch.Idempotent(7, 0, log.Producers.Select(producer => producer.LastSequence + 1).FirstOrDefault(), 2, 100);
            if (log.Stage(batch, TestBatch.Header(batch), 0, 0).Error != ErrorCode.None || log.Commit().Error != ErrorCode.None || !Flush(log)) return false;
            promised.Add(LogContents.Batches(log, log.View.EndOffset - 2)[^1]);
            return true;
        }

        private static bool Flush(PartitionLog log)
        {
            var flush = log.BeginFlush();
            flush.Run();
            return log.EndFlush(flush) == ErrorCode.None;
        }

        private LogDirectory Open(string path) => LogDirectory.Open(disk, path, null);

        private static PartitionLog OpenLog(LogDirectory home) => home.OpenPartition(Name, Settings.ToLogConfig(), Topic, 0);

        private Guid NewId() => new(++ids, 1, 2, new byte[8]);
    }
}
