using Akka.Actor.Internal;

namespace Akka.Actor;

/// <summary>A step of a selection.</summary>
public abstract class SelectionPathElement;

/// <summary>To the child of a name.</summary>
public class SelectChildName(string name) : SelectionPathElement
{
    /// <summary>The name.</summary>
    public string Name { get; } = name;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SelectChildName other && Name == other.Name;

    /// <inheritdoc/>
    public override int GetHashCode() => Name.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => Name;
}

/// <summary>To the children whose names fit a pattern with * and ?.</summary>
public class SelectChildPattern(string patternStr) : SelectionPathElement
{
    /// <summary>The pattern.</summary>
    public string PatternStr { get; } = patternStr;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SelectChildPattern other && PatternStr == other.PatternStr;

    /// <inheritdoc/>
    public override int GetHashCode() => PatternStr.GetHashCode(StringComparison.Ordinal);

    /// <inheritdoc/>
    public override string ToString() => PatternStr;

    internal bool Fits(string name) => global::System.IO.Enumeration.FileSystemName.MatchesSimpleExpression(PatternStr, name, ignoreCase: false);
}

/// <summary>To the parent.</summary>
public class SelectParent : SelectionPathElement
{
    /// <summary>The only one needed.</summary>
    public static readonly SelectParent Instance = new();

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is SelectParent;

    /// <inheritdoc/>
    public override int GetHashCode() => 1;

    /// <inheritdoc/>
    public override string ToString() => "..";
}

/// <summary>A message on its way along a selection.</summary>
public class ActorSelectionMessage(object message, SelectionPathElement[] elements, bool wildCardFanOut = false) : IAutoReceivedMessage, IPossiblyHarmful, IWrappedMessage
{
    /// <summary>What is sent.</summary>
    public object Message { get; } = message;

    /// <summary>The steps that are left.</summary>
    public SelectionPathElement[] Elements { get; } = elements;

    /// <summary>Whether others got it too: then nobody hears of a step into nothing.</summary>
    public bool WildCardFanOut { get; } = wildCardFanOut;

    /// <inheritdoc/>
    public override string ToString() => $"ActorSelectionMessage - Message: {Message} - WildCartFanOut: {WildCardFanOut} - Elements: {string.Join<SelectionPathElement>("/", Elements)}";
}

/// <summary>The actors at a path relative to an anchor, whoever they are when a message comes by.</summary>
public class ActorSelection : ICanTell
{
    /// <summary>Nobody.</summary>
    public ActorSelection()
        : this(ActorRefs.Nobody, Array.Empty<SelectionPathElement>())
    {
    }

    /// <summary>By its steps.</summary>
    public ActorSelection(IActorRef anchor, SelectionPathElement[] path)
    {
        Anchor = anchor;
        Path = path;
    }

    /// <summary>By a path such as <c>../a/*</c>.</summary>
    public ActorSelection(IActorRef anchor, string path)
        : this(anchor, path.Split('/'))
    {
    }

    /// <summary>By names, patterns and "..".</summary>
    public ActorSelection(IActorRef anchor, IEnumerable<string> elements)
        : this(anchor, [.. elements.Where(element => element.Length > 0).Select(Step)])
    {
    }

    /// <summary>Where it begins.</summary>
    public IActorRef Anchor { get; }

    /// <summary>The steps.</summary>
    public SelectionPathElement[] Path { get; }

    /// <summary>The steps with slashes before them.</summary>
    public string PathString => "/" + string.Join<SelectionPathElement>("/", Path);

    /// <summary>Sends to all who are there.</summary>
    public void Tell(object message, IActorRef? sender = null)
        => Deliver((IInternalActorRef)Anchor, sender ?? InternalCurrentActorCellKeeper.Current?.Self, new ActorSelectionMessage(message, Path));

    /// <summary>The first actor that is there. The task fails with <see cref="ActorNotFoundException"/> where none answers in time.</summary>
    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <summary>The first actor that is there. The task fails with <see cref="ActorNotFoundException"/> where none answers in time.</summary>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(null), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException($"no actor at {this}");
        }
        catch (Exception e) when (e is AskTimeoutException or OperationCanceledException)
        {
            throw new ActorNotFoundException($"no actor at {this} answered in time", e);
        }
    }

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is ActorSelection other && Anchor.Equals(other.Anchor) && Path.AsSpan().SequenceEqual(other.Path);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Anchor, Path.Length);

    /// <inheritdoc/>
    public override string ToString() => $"ActorSelection[Anchor({Anchor.Path}#{Anchor.Path.Uid}), Path({PathString})]";

    /// <summary>Takes the steps of this process at once; the rest goes to the reference where they end.</summary>
    internal static void Deliver(IInternalActorRef anchor, IActorRef? sender, ActorSelectionMessage selection)
    {
        var elements = selection.Elements;
        var at = anchor;
        for (var i = 0; i < elements.Length; i++)
        {
            if (at is not LocalActorRef local)
            {
                at.Tell(new ActorSelectionMessage(selection.Message, elements[i..], selection.WildCardFanOut), sender);
                return;
            }

            switch (elements[i])
            {
                case SelectParent:
                    at = at.Parent is Nobody ? at : at.Parent;
                    break;
                case SelectChildName child:
                    at = local.Cell.SingleChild(child.Name);
                    if (at is not Nobody) break;
                    Missed(local, sender, selection, elements[i..]);
                    return;
                case SelectChildPattern pattern:
                    DeliverToAll(local, pattern, sender, selection, elements[i..]);
                    return;
            }
        }

        at.Tell(selection.Message, sender);
    }

    private static void DeliverToAll(LocalActorRef at, SelectChildPattern pattern, IActorRef? sender, ActorSelectionMessage selection, SelectionPathElement[] left)
    {
        var fitting = new List<IInternalActorRef>();
        foreach (var child in at.Cell.GetChildren())
        {
            if (pattern.Fits(child.Path.Name)) fitting.Add((IInternalActorRef)child);
        }

        if (fitting.Count == 0) Missed(at, sender, selection, left);
        var fanOut = selection.WildCardFanOut || fitting.Count > 1;
        foreach (var child in fitting) Deliver(child, sender, new ActorSelectionMessage(selection.Message, left[1..], fanOut));
    }

    private static void Missed(LocalActorRef at, IActorRef? sender, ActorSelectionMessage selection, SelectionPathElement[] left)
    {
        var path = at.Path / left.Select(element => element.ToString()!);
        var nobody = new EmptyLocalActorRef(at.Provider, path, at.Cell.System.EventStream);
        nobody.Tell(new ActorSelectionMessage(selection.Message, left, selection.WildCardFanOut), sender);
    }

    private static SelectionPathElement Step(string element)
        => element == ".." ? SelectParent.Instance
            : element.Contains('*') || element.Contains('?') ? new SelectChildPattern(element)
            : new SelectChildName(element);
}

/// <summary>What makes selections.</summary>
internal static class ActorRefFactoryShared
{
    public static ActorSelection ActorSelection(ActorPath path, ActorSystemImpl system)
        => new(system.Provider.RootGuardianAt(path.Address), path.Elements);

    /// <summary>A whole path, one from the root, or one relative to <paramref name="lookupRoot"/>.</summary>
    public static ActorSelection ActorSelection(string path, ActorSystemImpl system, IActorRef lookupRoot)
    {
        if (path.StartsWith('/')) return new ActorSelection(system.Provider.RootGuardian, path);
        return path.Contains("://", StringComparison.Ordinal) && ActorPath.TryParse(path, out var whole) ? ActorSelection(whole, system) : new ActorSelection(lookupRoot, path);
    }
}
