using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Host.Verbs;

/// <summary><c>controller [show]|add-voter|remove-voter</c>: who decides, and who keeps its journal.</summary>
internal static class ControllerVerb
{
    internal static Command Create(TextWriter output, TextWriter error, IBrokerTransport? transport = null)
    {
        var frame = new VerbFrame("controller", "Show who the controller is and who keeps its journal; give votes and take them away.", output, error, transport);
        frame.Add(new Command("show", "Show controller, epoch, voters and observers; also without this word."), (parsed, session, cancellation) => Show(frame, parsed, session, cancellation));
        frame.SetDefault((parsed, session, cancellation) => Show(frame, parsed, session, cancellation));
        AddAdd(frame);
        AddRemove(frame);
        return frame.Command;
    }

    private static async Task<int> Show(VerbFrame frame, ParseResult parsed, ClientSession session, CancellationToken cancellation)
    {
        var quorum = await session.Admin.DescribeQuorumAsync(cancellation);
        if (frame.IsJson(parsed))
        {
            TopicsVerb.WriteJson(frame.Output, json => WriteJson(json, quorum));
            return VerbProgram.Done;
        }

        frame.Output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"controller: broker {quorum.Leader}, epoch {quorum.Epoch}, committed up to {quorum.Committed}"));
        TableOf(quorum).WriteText(frame.Output);
        return VerbProgram.Done;
    }

    private static RowTable TableOf(QuorumInfo quorum)
    {
        var table = new RowTable("BROKER", "ROLE", "ADDRESS", "END", "LAG", "DISK");
        foreach (var voter in quorum.Voters) table.Add(voter.Id, voter.Id == quorum.Leader ? "leader" : "voter", voter.Address, EndOf(voter), LagOf(quorum, voter), DiskOf(voter));
        foreach (var observer in quorum.Observers) table.Add(observer.Id, "observer", observer.Address, EndOf(observer), LagOf(quorum, observer), DiskOf(observer));
        return table;
    }

    private static object? EndOf(QuorumReplica replica) => replica.End <= 0 ? null : replica.End;

    private static object? LagOf(QuorumInfo quorum, QuorumReplica replica) => replica.End <= 0 ? "not heard of" : Math.Max(0, quorum.Committed - replica.End);

    private static string? DiskOf(QuorumReplica replica) => replica.Disk == Guid.Empty ? null : KafkaUuid.ToText(replica.Disk);

    private static void WriteJson(Utf8JsonWriter json, QuorumInfo quorum)
    {
        json.WriteStartObject();
        json.WriteNumber("controller", quorum.Leader);
        json.WriteNumber("epoch", quorum.Epoch);
        json.WriteNumber("committed", quorum.Committed);
        json.WritePropertyName("members");
        TableOf(quorum).WriteJson(json);
        json.WriteEndObject();
    }

    private static void AddAdd(VerbFrame frame)
    {
        var id = new Argument<int>("broker") { Description = "Id of the broker; it has to run with itself among its controller.quorum.voters." };
        var address = new Option<string>("--address") { Description = "host:port of its actor system; what it registered with where it is left out." };
        var disk = new Option<string>("--disk") { Description = "Id of the disk that its vote stands on, as `controller` shows it; the one that it has where it is left out." };
        frame.Add(new Command("add-voter", "Give a broker a vote, once it has the whole journal. One at a time.") { id, address, disk }, async (parsed, session, cancellation) =>
        {
            (string, string, int)? endpoint = parsed.GetValue(address) is { } text && BrokerAddress.ParseList(text)[0] is var at ? ("AKKA", at.Host, at.Port) : null;
            var voter = parsed.GetValue(id);
            await session.Admin.AddVoterAsync(voter, Disk(parsed.GetValue(disk)), endpoint, cancellation);
            var quorum = await session.Admin.DescribeQuorumAsync(cancellation);
            var own = quorum.Voters.FirstOrDefault(v => v.Id == voter)?.Address ?? "host:port";
            frame.Output.WriteLine($"broker {voter} votes; {Majority(quorum)}. Put {voter}@{own} into controller.quorum.voters of every broker before its next start");
            return VerbProgram.Done;
        });
    }

    private static void AddRemove(VerbFrame frame)
    {
        var id = new Argument<int>("broker") { Description = "Id of the voter." };
        var disk = new Option<string>("--disk") { Description = "Id of its disk, as `controller` shows it; the one that votes now where it is left out." };
        frame.Add(new Command("remove-voter", "Take a broker's vote away. One at a time, and only while a majority of those that stay is there.") { id, disk }, async (parsed, session, cancellation) =>
        {
            var voter = parsed.GetValue(id);
            var before = await session.Admin.DescribeQuorumAsync(cancellation);
            if (before.Voters.FirstOrDefault(v => v.Id == voter) is not { } known) throw new BrokerException(ErrorCode.VoterNotFound, $"broker {voter}", $"it has no vote; the voters are {string.Join(", ", before.Voters.Select(v => v.Id))}");
            await session.Admin.RemoveVoterAsync(voter, parsed.GetValue(disk) is { } text ? Disk(text) : known.Disk, cancellation);
            var quorum = await session.Admin.DescribeQuorumAsync(cancellation);
            frame.Output.WriteLine($"broker {voter} votes no more; {Majority(quorum)}. Take it out of controller.quorum.voters of every broker before its next start");
            return VerbProgram.Done;
        });
    }

    private static string Majority(QuorumInfo quorum) => string.Create(CultureInfo.InvariantCulture, $"{(quorum.Voters.Count / 2) + 1} of {quorum.Voters.Count} are a majority now");

    private static Guid Disk(string? text)
    {
        if (text is null) return Guid.Empty;
        return KafkaUuid.TryParse(text, out var id) ? id : throw new FormatException($"--disk {text}: expected an id of 22 characters, as `controller` shows it");
    }
}
