using System.Globalization;
using System.Text.Json;
using Akka.Actor;
using Akka.Cluster;
using Petabridge.Cmd.Host;
using Petabridge.Cmd.Host.Palettes;

namespace Petabridge.Cmd.Cluster;

/// <summary>Handles <see cref="ClusterCommands"/> on one node.</summary>
internal sealed class ClusterCommandHandler : CommandHandlerActor
{
    private readonly Akka.Cluster.Cluster _cluster = Akka.Cluster.Cluster.Get(Context.System);

    public ClusterCommandHandler()
        : base(ClusterCommands.Instance.Palette)
    {
        Process(ClusterCommands.Show, (_, arguments) => Answer(Tables.WantsJson(arguments) ? Json(_cluster.State) : Text(_cluster.State)));
        Process(ClusterCommands.Status, (_, arguments) => Answer(Tables.WantsJson(arguments) ? StatusJson() : Status()));
        Process(ClusterCommands.Join, (_, arguments) => Do(arguments, address =>
        {
            if (_cluster.SelfMember.Status is not MemberStatus.Removed) return new ErroredCommandResponse($"this node is a member already ({_cluster.SelfMember.Status})");
            _cluster.Join(address);
            return new CommandResponse($"joining {address}; cluster status shows when it is done");
        }));
        Process(ClusterCommands.Leave, (_, arguments) => Do(arguments, address =>
        {
            if (MemberAt(address) is null) return NoMember(address);
            _cluster.Leave(address);
            return new CommandResponse($"{address} was asked to leave");
        }));
        Process(ClusterCommands.Down, (_, arguments) => Do(arguments, address =>
        {
            if (MemberAt(address) is null) return NoMember(address);
            _cluster.Down(address);
            return new CommandResponse($"{address} is given up");
        }));
        Process(ClusterCommands.DownUnreachable, _ =>
        {
            var unreachable = _cluster.State.Unreachable;
            foreach (var member in unreachable) _cluster.Down(member.Address);
            Answer(unreachable.Count == 0 ? "every member can be reached" : string.Join('\n', unreachable.Select(m => $"{m.Address} is given up")));
        });
    }

    private static string[] Row(ClusterEvent.CurrentClusterState state, Member member) =>
    [
        member.Address.ToString(),
        member.Status.ToString(),
        state.Unreachable.Contains(member) ? "no" : "yes",
        string.Join(',', member.Roles.Order(StringComparer.Ordinal)),
        member.AppVersion.ToString(),
        member.Address.Equals(state.Leader) ? "leader" : "",
    ];

    private static string Text(ClusterEvent.CurrentClusterState state)
    {
        var rows = state.Members.Union(state.Unreachable).Select(m => Row(state, m)).ToList();
        return Tables.Text(["ADDRESS", "STATUS", "REACHABLE", "ROLES", "VERSION", ""], rows) + string.Create(CultureInfo.InvariantCulture, $"\n{rows.Count} {(rows.Count == 1 ? "member" : "members")}, {state.Unreachable.Count} of them unreachable");
    }

    private static string Json(ClusterEvent.CurrentClusterState state) => Tables.WriteJson(json =>
    {
        json.WriteStartObject();
        json.WriteString("leader", state.Leader?.ToString());
        json.WriteStartArray("members");
        foreach (var member in state.Members.Union(state.Unreachable)) WriteMember(json, member, !state.Unreachable.Contains(member));
        json.WriteEndArray();
        json.WriteEndObject();
    });

    private static void WriteMember(Utf8JsonWriter json, Member member, bool isReachable)
    {
        json.WriteStartObject();
        json.WriteString("address", member.Address.ToString());
        json.WriteString("status", member.Status.ToString());
        json.WriteBoolean("reachable", isReachable);
        json.WriteStartArray("roles");
        foreach (var role in member.Roles.Order(StringComparer.Ordinal)) json.WriteStringValue(role);
        json.WriteEndArray();
        json.WriteString("version", member.AppVersion.ToString());
        json.WriteEndObject();
    }

    private static ErroredCommandResponse NoMember(Address address) => new($"{address} is no member; cluster show tells who is");

    private string Status()
    {
        var (self, state) = (_cluster.SelfMember, _cluster.State);
        return $"""
            address    {self.Address}
            status     {self.Status}
            roles      {string.Join(',', self.Roles.Order(StringComparer.Ordinal))}
            version    {self.AppVersion}
            leader     {state.Leader?.ToString() ?? "none"}
            members    {state.Members.Count.ToString(CultureInfo.InvariantCulture)}, {state.Unreachable.Count.ToString(CultureInfo.InvariantCulture)} of them unreachable
            """;
    }

    private string StatusJson() => Tables.WriteJson(json =>
    {
        var state = _cluster.State;
        json.WriteStartObject();
        json.WritePropertyName("self");
        WriteMember(json, _cluster.SelfMember, true);
        json.WriteString("leader", state.Leader?.ToString());
        json.WriteNumber("members", state.Members.Count);
        json.WriteNumber("unreachable", state.Unreachable.Count);
        json.WriteEndObject();
    });

    private Member? MemberAt(Address address) => _cluster.State.Members.Union(_cluster.State.Unreachable).FirstOrDefault(m => m.Address.Equals(address));

    private void Answer(string text) => Sender.Tell(new CommandResponse(text), Self);

    private void Do(CommandArguments arguments, Func<Address, CommandResponse> act)
    {
        var given = arguments.ArgumentValues("address").LastOrDefault();
        var address = _cluster.SelfAddress;
        var isRight = given is null || (Address.TryParse(given, out address) && address.Host is not null);
        Sender.Tell(isRight ? act(address!) : new ErroredCommandResponse($"'{given}' is no node's address; expected one such as {_cluster.SelfAddress}"), Self);
    }
}
