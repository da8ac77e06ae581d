using System.Buffers.Binary;
using System.Text;

namespace AkkaStream.Tests.Cases;

/// <summary>Request steps to frames, answers to values.</summary>
internal static class CaseRequests
{
    public static int Version(CaseObject step, CaseVariables variables)
        => step.TryGetValue("version", out var v) && variables.Resolve(v) is long version ? (int)version : 0;

    public static byte[] Frame(CaseObject step, CaseVariables variables, string? clientId, int correlation)
    {
        var message = CaseMessage.Of(step.Text("api") + "Request");
        var version = Version(step, variables);
        if (!message.Valid.Has(version)) throw new CaseException($"{message.Name} has no version {version}");
        var wire = (CaseObject)variables.Resolve(step.Object("wire"))!;
        var header = wire.Number("headerVersion", message.Flexible.Has(version) ? 2 : 1);
        var body = wire.ContainsKey("body") ? CaseEncoder.Hex(wire.Text("body")) : CaseEncoder.Body(message, version, variables.Resolve(step.Object("send")));
        var to = new CaseOut().Int16(wire.Number("key", message.ApiKey)).Int16(wire.Number("version", version)).Int32(correlation);
        if (header > 0) CaseEncoder.Sized(to, clientId is null ? null : Encoding.UTF8.GetBytes(clientId), false, 2);
        if (header > 1) to.Raw(wire.ContainsKey("headerTags") ? CaseEncoder.Hex(wire.Text("headerTags")) : [0]);
        to.Raw(body.AsSpan(0, body.Length - (int)wire.Number("truncate", 0)));
        if (wire.ContainsKey("append")) to.Raw(CaseEncoder.Hex(wire.Text("append")));
        var all = to.Done();
        return new CaseOut().Int32(wire.Number("length", all.Length)).Raw(all).Done();
    }

    /// <summary>The name and version by which a step's answer is read.</summary>
    public static (string Api, int Version) Answered(CaseObject step, CaseVariables variables)
    {
        var decode = step.Object("decode");
        return (decode.Text("api", step.Text("api")), (int)decode.Number("version", Version(step, variables)));
    }

    public static CaseObject Decode(CaseObject step, CaseVariables variables, byte[] frame, int? correlation)
    {
        var (api, version) = Answered(step, variables);
        var message = CaseMessage.Of(api + "Response");
        var got = BinaryPrimitives.ReadInt32BigEndian(frame);
        if (correlation is { } due && got != due) throw new WrongException($"an answer to correlation id {got} where {due} was due");
        var tagged = message.Flexible.Has(version) && api != "ApiVersions";
        if (tagged && (frame.Length < 5 || frame[4] != 0)) throw new WrongException("the answer's header has no empty tag section");
        return CaseDecoder.Body(message, version, frame, tagged ? 5 : 4);
    }
}
