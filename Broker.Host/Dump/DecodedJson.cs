using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Host.Dump;

/// <summary>Messages as JSON, written as a Java program writes it.</summary>
internal static class DecodedJson
{
    private static readonly JsonSerializerOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The message.</summary>
    internal static JsonNode Of(IApiMessage message, short version) => JsonNode.Parse(MessageJson.ToText(message, version))!;

    /// <summary>A quota, whose value is no whole number.</summary>
    internal static JsonNode Of(ClientQuotaRecord quota)
    {
        var shown = Of(quota, 0);
        shown["value"] = JsonNode.Parse(Number(quota.Value));
        return shown;
    }

    /// <summary>Text on one line, without spaces.</summary>
    internal static string Text(JsonNode node) => node.ToJsonString(Plain);

    /// <summary>A number as Java writes it: always with a point, with an exponent from ten millions on and below a thousandth.</summary>
    internal static string Number(double value)
    {
        var size = Math.Abs(value);
        var text = size.ToString("R", CultureInfo.InvariantCulture);
        var sign = value < 0 ? "-" : "";
        if (size is 0 or (>= 1e-3 and < 1e7)) return sign + (text.Contains('.', StringComparison.Ordinal) ? text : text + ".0");

        var parts = text.Split('E');
        var point = parts[0].IndexOf('.', StringComparison.Ordinal);
        var digits = parts[0].Replace(".", "", StringComparison.Ordinal);
        var exponent = (parts.Length > 1 ? int.Parse(parts[1], CultureInfo.InvariantCulture) : 0) + (point < 0 ? digits.Length : point) - 1;
        var significant = digits.TrimStart('0');
        exponent -= digits.Length - significant.Length;
        significant = significant.TrimEnd('0').PadRight(2, '0');
        return $"{sign}{significant[0]}.{significant[1..]}E{exponent}";
    }
}
