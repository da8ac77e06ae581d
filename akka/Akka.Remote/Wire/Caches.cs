using System.Text;
using Akka.Actor;

namespace Akka.Remote.Wire;

/// <summary>Texts and actors of one connection that have been read before, so that no message pays for its paths again. Bounded; for one thread at a time.</summary>
internal sealed class ReadCache<T>
    where T : class
{
    private readonly (byte[] Key, T Value)[] _slots = new (byte[], T)[Limits.CachedRefs];

    public T? Find(ReadOnlySpan<byte> key)
    {
        ref var slot = ref _slots[Slot(key)];
        return slot.Key is not null && key.SequenceEqual(slot.Key) ? slot.Value : null;
    }

    public void Put(ReadOnlySpan<byte> key, T value) => _slots[Slot(key)] = (key.ToArray(), value);

    public void Forget(ReadOnlySpan<byte> key) => _slots[Slot(key)] = default;

    // The end of a path differs more than its beginning.
    private static int Slot(ReadOnlySpan<byte> key)
    {
        var hash = 2166136261u;
        var from = Math.Max(0, key.Length - 32);
        for (var i = from; i < key.Length; i++) hash = (hash ^ key[i]) * 16777619;
        return (int)((hash ^ (hash >> 15)) % Limits.CachedRefs);
    }
}

/// <summary>Senders' paths as bytes, for those who send again and again. Bounded; any thread: an entry is written whole or not at all.</summary>
internal sealed class SenderCache
{
    private readonly Entry?[] _slots = new Entry?[Limits.CachedRefs];

    public byte[] PathOf(IActorRef sender)
    {
        ref var slot = ref _slots[(uint)System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(sender) % Limits.CachedRefs];
        if (Volatile.Read(ref slot) is { } there && ReferenceEquals(there.Sender, sender)) return there.Path;
        var path = Encoding.UTF8.GetBytes(PathText(sender.Path));
        Volatile.Write(ref slot, new Entry(sender, path));
        return path;
    }

    /// <summary>A path without its address, with its incarnation.</summary>
    public static string PathText(ActorPath path)
    {
        var text = path.Depth == 0 ? "/" : path.ToStringWithoutAddress();
        return path.Uid == 0 ? text : $"{text}#{path.Uid}";
    }

    private sealed record Entry(IActorRef Sender, byte[] Path);
}
