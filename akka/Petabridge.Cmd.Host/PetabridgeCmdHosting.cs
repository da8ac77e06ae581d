using System.Globalization;
using Akka.Configuration;
using Akka.Hosting;

namespace Petabridge.Cmd.Host;

/// <summary>How a host listens; what is left out is what the configuration says.</summary>
public sealed class PetabridgeCmdOptions
{
    /// <summary>The address to listen at; a name or an IP address. 127.0.0.1 where nobody says anything.</summary>
    public string? Host { get; set; }

    /// <summary>The port to listen at, 0 for any free one. 9110 where nobody says anything.</summary>
    public int? Port { get; set; }

    /// <summary>Whether the start tells in the log which palettes there are. Not where nobody says anything.</summary>
    public bool? LogPalettesOnStartup { get; set; }

    internal Config ToConfig()
    {
        var lines = new List<string>();
        if (Host is not null) lines.Add($"petabridge.cmd.host = {Host.ToHocon()}");
        if (Port is { } port) lines.Add($"petabridge.cmd.port = {port.ToString(CultureInfo.InvariantCulture)}");
        if (LogPalettesOnStartup is { } log) lines.Add($"petabridge.cmd.log-palettes-on-startup = {log.ToHocon()}");
        return ConfigurationFactory.ParseString(string.Join('\n', lines));
    }
}

/// <summary>Puts a host into an actor system of Akka.Hosting.</summary>
public static class PetabridgeCmdHostingExtensions
{
    /// <summary>Starts a host with the system.</summary>
    /// <param name="builder">The system's.</param>
    /// <param name="hostConfiguration">Registers palettes.</param>
    public static AkkaConfigurationBuilder AddPetabridgeCmd(this AkkaConfigurationBuilder builder, Action<PetabridgeCmd> hostConfiguration)
        => builder.AddPetabridgeCmd(new PetabridgeCmdOptions(), hostConfiguration);

    /// <summary>Starts a host with the system.</summary>
    /// <param name="builder">The system's.</param>
    /// <param name="options">Where it listens.</param>
    /// <param name="hostConfiguration">Registers palettes.</param>
    public static AkkaConfigurationBuilder AddPetabridgeCmd(this AkkaConfigurationBuilder builder, PetabridgeCmdOptions options, Action<PetabridgeCmd> hostConfiguration)
        => builder.AddHocon(options.ToConfig(), HoconAddMode.Prepend).AddStartup((system, _) =>
        {
            var host = PetabridgeCmd.Get(system);
            hostConfiguration(host);
            host.Start();
        });
}
