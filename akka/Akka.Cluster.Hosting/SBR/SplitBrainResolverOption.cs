using Akka.Actor.Setup;
using Akka.Hosting;

namespace Akka.Cluster.Hosting.SBR;

/// <summary>A strategy of the split brain resolver.</summary>
public abstract class SplitBrainResolverOption
{
    /// <summary>The strategy where none is chosen: the side with more members goes on.</summary>
    public static readonly SplitBrainResolverOption Default = new KeepMajorityOption();

    /// <summary>The strategy's name.</summary>
    public abstract string ConfigPath { get; }

    /// <summary>Only members with this role count; all where it is null.</summary>
    public string? Role { get; set; }

    /// <summary>Adds the strategy to a system's configuration.</summary>
    public abstract void Apply(AkkaConfigurationBuilder builder, Setup? setup = null);

    private protected void Add(AkkaConfigurationBuilder builder, string keys)
    {
        var role = Role is null ? "" : $"role = {Role.ToHocon()}\n";
        builder.AddHocon($"akka.cluster.split-brain-resolver {{\nactive-strategy = {ConfigPath}\n{ConfigPath} {{\n{role}{keys}\n}}\n}}", HoconAddMode.Prepend);
    }
}

/// <summary>The side with more members goes on; of two equal ones that with the lowest address.</summary>
public sealed class KeepMajorityOption : SplitBrainResolverOption
{
    /// <inheritdoc/>
    public override string ConfigPath => "keep-majority";

    /// <inheritdoc/>
    public override void Apply(AkkaConfigurationBuilder builder, Setup? setup = null) => Add(builder, "");
}

/// <summary>A side with so many members goes on.</summary>
public sealed class StaticQuorumOption : SplitBrainResolverOption
{
    /// <summary>How many; more than half of all there ever are.</summary>
    public int? QuorumSize { get; set; }

    /// <inheritdoc/>
    public override string ConfigPath => "static-quorum";

    /// <inheritdoc/>
    public override void Apply(AkkaConfigurationBuilder builder, Setup? setup = null) => Add(builder, QuorumSize is { } size ? $"quorum-size = {size.ToHocon()}" : "");
}

/// <summary>The side of the oldest member goes on.</summary>
public sealed class KeepOldestOption : SplitBrainResolverOption
{
    /// <summary>Whether the oldest ends where it is alone.</summary>
    public bool? DownIfAlone { get; set; }

    /// <inheritdoc/>
    public override string ConfigPath => "keep-oldest";

    /// <inheritdoc/>
    public override void Apply(AkkaConfigurationBuilder builder, Setup? setup = null) => Add(builder, DownIfAlone is { } down ? $"down-if-alone = {down.ToHocon()}" : "");
}
