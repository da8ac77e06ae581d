using System.Collections;
using AkkaStream.Actors.Configuration;

namespace AkkaStream.Host.Configuration;

/// <summary>What a broker is configured with, from all sources, each value with the place where it stood. A later source wins: file, environment, options.</summary>
public sealed class ConfigSources
{
    private const string Prefix = "AKKASTREAM_";

    private readonly Dictionary<string, (string Value, string Origin)> values = new(StringComparer.Ordinal);

    /// <summary>Keys that this version accepts without acting on them.</summary>
    public List<string> WithoutEffect { get; } = [];

    /// <summary>Sentences about values that can be served, but hardly as they were meant.</summary>
    public List<string> Warnings { get; } = [];

    /// <summary>The file's values.</summary>
    /// <exception cref="ConfigException">It cannot be read.</exception>
    public void AddFile(string path)
    {
        try
        {
            foreach (var property in PropertiesFile.Parse(File.ReadAllText(path))) values[property.Key] = (property.Value, $"{path}:{property.Line}");
        }
        catch (FormatException fault)
        {
            throw new ConfigException(null, $"{path}, {fault.Message}");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConfigException(null, $"--config {path}: the file cannot be read: {fault.Message}");
        }
    }

    /// <summary>The environment's: <c>AKKASTREAM_LOG_DIRS</c> is <c>log.dirs</c>.</summary>
    public void AddEnvironment(IDictionary variables)
    {
        foreach (DictionaryEntry variable in variables)
        {
            if (variable.Key is not string name || !name.StartsWith(Prefix, StringComparison.Ordinal) || IsForeign(name.AsSpan(Prefix.Length))) continue;
            values[KeyOf(name)] = (variable.Value as string ?? "", "environment variable " + name);
        }
    }

    /// <summary>A value from the command line.</summary>
    /// <param name="key">The key.</param>
    /// <param name="value">The value.</param>
    /// <param name="option">The option as it was written.</param>
    public void AddOption(string key, string value, string option) => values[key] = (value, option);

    /// <summary>Checks everything and makes the configuration.</summary>
    /// <exception cref="ConfigException">Something cannot be used; the message has a line for each fault, beginning with the place where it stood.</exception>
    public BrokerConfig Build()
    {
        var given = new Dictionary<string, string>(values.Count, StringComparer.Ordinal);
        List<string>? faults = null;
        foreach (var (name, (value, origin)) in values)
        {
            given[name] = value;
            var fault = BrokerConfig.Check(name, value) ?? NotYet(name, value);
            if (fault is not null) (faults ??= []).Add($"{origin}: {fault}");
            else if (BrokerConfig.KeyOf(name) is { HasEffect: false }) WithoutEffect.Add(name);
        }

        if (faults is not null)
        {
            faults.Sort(StringComparer.Ordinal);
            throw new ConfigException(null, string.Join('\n', faults));
        }

        try
        {
            var config = BrokerConfig.Create(given);
            foreach (var listener in config.Listeners)
            {
                if (listener.IsSasl) throw new ConfigException("listeners", $"the listener {listener} asks for a login, which this version does not have yet; use PLAINTEXT or SSL");
            }

            if (ClusterConfig.Of(config) is null && config.DefaultReplicationFactor > 1) Warnings.Add($"{Written("default.replication.factor")}: there is one broker, so topics that are created without a replication factor of their own are refused; set it to 1");
            if (config.String("security.inter.broker.protocol") is { } security && security.StartsWith("SASL", StringComparison.Ordinal)) Warnings.Add($"{Written("security.inter.broker.protocol")}: this version has no logins; listeners take PLAINTEXT or SSL only");
            return config;
        }
        catch (ConfigException fault) when (fault.Key is not null && values.TryGetValue(fault.Key, out var found))
        {
            throw new ConfigException(fault.Key, $"{found.Origin}: {fault.Message}");
        }
    }

    // What would leave a broker open that was meant to be closed, or be another thing than was meant, must not be accepted silently.
    private static string? NotYet(string name, string value) => name switch
    {
        "authorizer.class.name" when value.Trim().Length > 0 => "authorizer.class.name: this version has no authorizer and would let everybody in; leave the line out if that is what you want",
        "process.roles" when !value.Split(',', StringSplitOptions.TrimEntries).Contains("broker") => "process.roles: a broker of AkkaStream is controller and broker in one, there is no controller alone; leave the line out, or say broker,controller",
        _ => null,
    };

    private string Written(string key) => values.TryGetValue(key, out var found) ? $"{found.Origin}: {key}" : key;

    private static string KeyOf(string variable) => variable[Prefix.Length..].ToLowerInvariant().Replace('_', '.');

    // Kubernetes announces services in the environment (AKKASTREAM_SERVICE_HOST, AKKASTREAM_PORT_9092_TCP_ADDR); the tests know their shared folder; the verbs know where brokers are.
    private static bool IsForeign(ReadOnlySpan<char> rest)
        => rest is "SHARED" or "PORT" or "BOOTSTRAP_SERVERS" or "BENCH" or "NIGHTLY" || rest.EndsWith("SERVICE_HOST") || rest.Contains("SERVICE_PORT", StringComparison.Ordinal)
            || (rest.Contains("PORT_", StringComparison.Ordinal) && (rest.Contains("_TCP", StringComparison.Ordinal) || rest.Contains("_UDP", StringComparison.Ordinal)));
}
