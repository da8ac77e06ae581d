using AkkaStream.Client.Configuration;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace AkkaStream.Client.Hosting;

/// <summary>
/// A named client's configuration: keys by Kafka's names. Those of the section itself count for the client, its producers and its consumers; those below <c>producer</c> and <c>consumer</c> for
/// these alone.
/// <code>
/// "AkkaStream": {
///   "bootstrap.servers": "localhost:9092",
///   "producer": { "linger.ms": "5", "compression.type": "zstd" },
///   "consumer": { "group.id": "billing", "auto.offset.reset": "earliest" }
/// }
/// </code>
/// </summary>
public sealed class AkkaStreamOptions
{
    /// <summary>Keys of the section itself.</summary>
    public IDictionary<string, string?> Client { get; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Keys below <c>producer</c>.</summary>
    public IDictionary<string, string?> Producer { get; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

    /// <summary>Keys below <c>consumer</c>.</summary>
    public IDictionary<string, string?> Consumer { get; } = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);

    /// <summary>The settings that they make.</summary>
    /// <exception cref="ClientConfigException">A key is not known, or a value is not possible; the message has a sentence for each.</exception>
    public ClientSettings Read()
    {
        var faults = new List<string>();
        var settings = ClientSettings.Default;
        foreach (var (scope, keys, path) in new[] { (ClientKeyScope.All, Client, ""), (ClientKeyScope.Producer, Producer, "producer: "), (ClientKeyScope.Consumer, Consumer, "consumer: ") })
        {
            try
            {
                settings = settings.With(scope, keys, path);
            }
            catch (ClientConfigException several)
            {
                faults.AddRange(several.Faults);
            }
        }

        faults.AddRange(settings.Contradictions());
        return faults.Count == 0 ? settings : throw new ClientConfigException(faults);
    }

    internal void Take(IConfiguration section)
    {
        foreach (var child in section.GetChildren())
        {
            if (child.Key.Equals("producer", StringComparison.OrdinalIgnoreCase)) Fill(Producer, child, "");
            else if (child.Key.Equals("consumer", StringComparison.OrdinalIgnoreCase)) Fill(Consumer, child, "");
            else Fill(Client, child, child.Key);
        }
    }

    // A key's dots may also be levels of the configuration: "linger": { "ms": 5 }.
    private static void Fill(IDictionary<string, string?> keys, IConfigurationSection section, string name)
    {
        if (section.Value is { } value && name.Length > 0) keys[name] = value;
        foreach (var child in section.GetChildren()) Fill(keys, child, name.Length == 0 ? child.Key : $"{name}.{child.Key}");
    }
}

/// <summary>Says at the start of the host what cannot be used, a sentence for each fault.</summary>
internal sealed class AkkaStreamValidation(string? checkedName, bool needsServers, bool hasActors) : IValidateOptions<AkkaStreamOptions>
{
    public ValidateOptionsResult Validate(string? name, AkkaStreamOptions options)
    {
        if (name != checkedName) return ValidateOptionsResult.Skip;
        try
        {
            var settings = options.Read();
            if (needsServers && settings.BrokerSystem is not null && !hasActors) return ValidateOptionsResult.Fail($"{Place(name)}bootstrap.servers are addresses of actors: add the actor transport with services.AddAkkaStreamActors() of AkkaStream.Client.Actors and an actor system with AddAkka, or give host:port");
            return needsServers && settings.BootstrapServers.Count == 0 ? ValidateOptionsResult.Fail($"{Place(name)}bootstrap.servers is not set: expected host:port, several separated by commas") : ValidateOptionsResult.Success;
        }
        catch (ClientConfigException faults)
        {
            return ValidateOptionsResult.Fail(faults.Faults.Select(f => Place(name) + f));
        }
    }

    private static string Place(string? name) => string.IsNullOrEmpty(name) ? "" : $"client {name}: ";
}
