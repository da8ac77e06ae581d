using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Controller;

/// <summary>What brokers say to each other about the controller; written by <see cref="ControllerSerializer"/>.</summary>
public interface IControllerWire;

/// <summary>Events that were committed, from the controller to a broker.</summary>
/// <param name="Epoch">The controller's epoch.</param>
/// <param name="From">Offset of the last event before them.</param>
/// <param name="To">Offset of the last of them.</param>
/// <param name="Head">Offset of the last event that the controller has: where it is beyond <paramref name="To"/>, there is more to ask for.</param>
/// <param name="Batches">Whole batches as the controller's log has them.</param>
public sealed record MetadataDelta(int Epoch, long From, long To, long Head, ReadOnlyMemory<byte> Batches) : IControllerWire;

/// <summary>A piece of a snapshot of the controller's log, to a broker that lacks events which only a snapshot has any more.</summary>
/// <param name="Epoch">The controller's epoch: pieces of one belong together.</param>
/// <param name="To">Offset of the last event in the snapshot.</param>
/// <param name="Position">Where in the snapshot the piece begins.</param>
/// <param name="Length">Bytes of the snapshot.</param>
/// <param name="Head">Offset of the last event that the controller has.</param>
/// <param name="Batches">Whole batches of it.</param>
public sealed record MetadataWhole(int Epoch, long To, long Position, long Length, long Head, ReadOnlyMemory<byte> Batches) : IControllerWire;

/// <summary>From a broker to the controller: what comes behind an event is missing here.</summary>
/// <param name="Offset">Offset of the last event that is known; -1 for none.</param>
/// <param name="Whole">Offset of the last event in a snapshot of which a part came already; -1 for none.</param>
/// <param name="Position">From this byte on it is missing.</param>
public sealed record MetadataFetch(long Offset, long Whole = -1, long Position = 0) : IControllerWire;

/// <summary>From the controller to every broker when it takes over: how far it is.</summary>
/// <param name="Epoch">The controller's epoch.</param>
/// <param name="Head">Offset of its last event.</param>
public sealed record MetadataHead(int Epoch, long Head) : IControllerWire;

/// <summary>What is asked of the controller.</summary>
public enum ControllerCallKind : byte
{
    /// <summary>A request of Kafka's protocol, as its key and version say.</summary>
    Api,

    /// <summary>A CreateTopics request whose one topic is one of the cluster's own: made as those are, and nothing where it is there. The answer is empty.</summary>
    InternalTopic,

    /// <summary>A CreateTopics request whose topics are made with the defaults of <c>auto.create.topics.enable</c>. The answer is empty.</summary>
    AutoCreateTopics,
}

/// <summary>A request to the controller.</summary>
/// <param name="Id">The asker's number for it.</param>
/// <param name="Kind">How the request is meant.</param>
/// <param name="Key">Its API.</param>
/// <param name="Version">Its version.</param>
/// <param name="Request">Its bytes.</param>
/// <param name="Broker">Id of the broker that asks.</param>
/// <param name="Principal">On whose behalf; empty for the broker's own.</param>
public sealed record ControllerCall(long Id, ControllerCallKind Kind, ApiKey Key, short Version, ReadOnlyMemory<byte> Request, int Broker, string Principal) : IControllerWire;

/// <summary>The controller's answer.</summary>
/// <param name="Id">The number of the request.</param>
/// <param name="Error">
/// <see cref="ErrorCode.None"/>; <see cref="ErrorCode.NotController"/>: nothing was done, ask again; <see cref="ErrorCode.RequestTimedOut"/>: it may have been done;
/// <see cref="ErrorCode.UnsupportedVersion"/>, <see cref="ErrorCode.InvalidRequest"/>, <see cref="ErrorCode.UnknownServerError"/>.
/// </param>
/// <param name="Response">The answer's bytes in the request's version; empty with an error.</param>
/// <param name="Offset">Offset of the event by which what was asked is in force, -1 with an error.</param>
public sealed record ControllerAnswer(long Id, ErrorCode Error, ReadOnlyMemory<byte> Response, long Offset) : IControllerWire;
