using System.Globalization;
using AkkaStream.Actors.Configuration;
using AkkaStream.Host.Configuration;

namespace AkkaStream.Host.Start;

/// <summary>
/// The options of a broker's start. Read by hand: a start is budgeted at a fifth of a second, and a parser library would take a good part of it.
/// </summary>
public static class BrokerOptions
{
    /// <summary>What <c>broker --help</c> prints.</summary>
    public const string Help = """
        Usage: AkkaStream.Host [broker] [options]
               AkkaStream.Host broker drain | undrain | remove | restart-check ID  (see --help of each)
               AkkaStream.Host cluster | topics | produce | consume | groups | transactions | log-dirs | dump | log | config | simulate
                 | brokers | partitions | controller | elect | reassign | metadata  (see --help of each)

        Starts a broker.

          --config FILE          configuration in the form of Kafka's server.properties
          --override KEY=VALUE   a single value, over file and environment; may be repeated
          --data DIR             folder of the logs (log.dirs), ./data where nothing is said
          --port N               port for clients on all interfaces (listeners), 9092 where nothing is said
          --log-level LEVEL      trace, debug, information, warning, error, critical or none; warning where nothing is said
          --help, --version

        Every key can also stand in the environment: AKKASTREAM_LOG_DIRS is log.dirs. `config keys` lists the keys.
        """;

    /// <summary>Whether the arguments ask for a broker and for nothing that needs the verbs.</summary>
    public static bool AreFor(string[] args) => args.Length == 0 || (args[0] == "broker" && (args.Length == 1 || args[1].StartsWith('-'))) || args[0].StartsWith("--", StringComparison.Ordinal);

    /// <summary>Gathers the configuration of a start.</summary>
    /// <param name="args">The arguments, with or without the verb <c>broker</c>.</param>
    /// <param name="environment">The environment's variables.</param>
    /// <exception cref="ConfigException">An option or a value cannot be used.</exception>
    public static ConfigSources Read(ReadOnlySpan<string> args, System.Collections.IDictionary environment)
    {
        var sources = new ConfigSources();
        var options = Split(args);
        foreach (var (option, value) in options)
        {
            if (option == "--config") sources.AddFile(value);
        }

        sources.AddEnvironment(environment);
        foreach (var (option, value) in options) Apply(sources, option, value);
        return sources;
    }

    private static List<(string Option, string Value)> Split(ReadOnlySpan<string> args)
    {
        if (args.Length > 0 && args[0] == "broker") args = args[1..];
        var options = new List<(string, string)>();
        for (var i = 0; i < args.Length; i++)
        {
            var equals = args[i].IndexOf('=', StringComparison.Ordinal);
            var option = equals < 0 ? args[i] : args[i][..equals];
            if (option is not ("--config" or "--override" or "--data" or "--port" or "--log-level")) throw new ConfigException(null, $"'{args[i]}' is no option of a broker; see --help");
            if (equals < 0 && i + 1 == args.Length) throw new ConfigException(null, $"{option} needs a value; see --help");
            options.Add((option, equals < 0 ? args[++i] : args[i][(equals + 1)..]));
        }

        return options;
    }

    private static void Apply(ConfigSources sources, string option, string value)
    {
        var written = $"{option} {value}";
        switch (option)
        {
            case "--data":
                sources.AddOption("log.dirs", value, written);
                break;
            case "--log-level":
                sources.AddOption("log.level", value, written);
                break;
            case "--port":
                if (!ushort.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out _)) throw new ConfigException("listeners", $"--port {value}: expected a number from 0 to 65535");
                sources.AddOption("listeners", "PLAINTEXT://:" + value, written);
                break;
            case "--override":
                var equals = value.IndexOf('=', StringComparison.Ordinal);
                if (equals <= 0) throw new ConfigException(null, $"--override {value}: expected KEY=VALUE");
                sources.AddOption(value[..equals].Trim(), value[(equals + 1)..].Trim(), written);
                break;
        }
    }
}
