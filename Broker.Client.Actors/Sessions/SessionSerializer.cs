using Akka.Actor;
using Akka.Serialization;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Actors.Sessions;

/// <summary>
/// Writes what clients and brokers say to each other over Akka.Remote. Requests and answers are frames of Kafka's codec and pass as they are. What cannot be read becomes a message that
/// says so, and ends the session it came for.
/// </summary>
public sealed class SessionSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
{
    private const string Open = "O";
    private const string Opened = "S";
    private const string Ended = "E";
    private const string Grant = "G";
    private const string Want = "W";
    private const string Living = "A";
    private const string Part = "P";

    // Remoting may be told to read these messages into arrays of the shared pool.
    private readonly bool isPooled = system.Settings.Config.GetIntList("akka.remote.reused-bodies")?.Contains(Number) == true;

    /// <summary>Goes with the bytes, for ever.</summary>
    public const int Number = 7102;

    /// <inheritdoc/>
    public override int Identifier => Number;

    /// <summary>Adds the serialiser to a system; as often as one likes.</summary>
    internal static void AddTo(ActorSystem system)
    {
        var serializer = new SessionSerializer((ExtendedActorSystem)system);
        system.Serialization.AddSerializer("akkastream-sessions", serializer);
        system.Serialization.AddSerializationMap(typeof(ISessionMessage), serializer);
    }

    /// <inheritdoc/>
    public override string Manifest(object o) => o switch
    {
        Piece => Part,
        Granted => Grant,
        Wanted => Want,
        Alive => Living,
        OpenSession => Open,
        SessionOpened => Opened,
        SessionEnded => Ended,
        _ => throw new ArgumentException($"{o.GetType()} is nothing that clients and brokers say to each other", nameof(o)),
    };

    /// <inheritdoc/>
    public override byte[] ToBinary(object obj)
    {
        if (obj is Piece piece) return piece.Array;
        using var writer = new MessageWriter(64);
        switch (obj)
        {
            case Granted granted:
                writer.Int64(granted.Total);
                break;
            case Wanted wanted:
                writer.Int64(wanted.Total);
                break;
            case Alive alive:
                writer.Int64(alive.Pieces);
                writer.Int64(alive.Granted);
                writer.Int64(alive.Wanted);
                break;
            case OpenSession open:
                writer.Int16(open.LowestVersion);
                writer.Int16(open.HighestVersion);
                writer.Int32(open.LargestPiece);
                writer.Int64(open.AnswerWindow);
                break;
            case SessionOpened opened:
                writer.Int16(opened.Version);
                writer.Int32(opened.LargestPiece);
                writer.Int64(opened.RequestWindow);
                writer.Int32(opened.LargestRequest);
                break;
            case SessionEnded ended:
                writer.String(ended.Reason.Length > Limits.SessionTextLength ? ended.Reason[..Limits.SessionTextLength] : ended.Reason);
                break;
            default:
                throw new ArgumentException($"{obj.GetType()} is nothing that clients and brokers say to each other", nameof(obj));
        }

        return writer.ToArray();
    }

    /// <inheritdoc/>
    public override object FromBinary(byte[] bytes, string manifest)
    {
        var message = FromBytes(bytes, manifest);
        if (isPooled && message is not Piece) Piece.GiveBack(bytes);
        return message;
    }

    private ISessionMessage FromBytes(byte[] bytes, string manifest)
    {
        try
        {
            return manifest == Part ? ReadPiece(bytes) : Read(bytes, manifest);
        }
        catch (MalformedMessageException error)
        {
            return new Malformed($"a message '{manifest}' that cannot be read: {error.Message}");
        }
    }

    private ISessionMessage ReadPiece(byte[] bytes)
    {
        if (bytes.Length <= Piece.HeadBytes) return new Malformed($"a piece of {bytes.Length} bytes");
        var piece = new Piece(bytes, isPooled);
        return piece.Length > 0 && piece.Length <= bytes.Length - Piece.HeadBytes && piece.Remaining >= 0 ? piece : new Malformed($"a piece of {piece.Length} bytes before {piece.Remaining} in a message of {bytes.Length}");
    }

    // Later versions of these messages may have more behind: it is passed over.
    private static ISessionMessage Read(byte[] bytes, string manifest)
    {
        var reader = new MessageReader(bytes);
        return manifest switch
        {
            Grant => new Granted(reader.Int64()),
            Want => new Wanted(reader.Int64()),
            Living => new Alive(reader.Int64(), reader.Int64(), reader.Int64()),
            Open => new OpenSession(reader.Int16(), reader.Int16(), reader.Int32(), reader.Int64()),
            Opened => new SessionOpened(reader.Int16(), reader.Int32(), reader.Int64(), reader.Int32()),
            Ended => new SessionEnded(reader.String()),
            _ => new Malformed("a message of a kind that is not known"),
        };
    }
}
