using Akka.Actor;

namespace AkkaStream.Actors.Metadata.Quorum;

/// <summary>Asks the journal how the quorum stands; answered with <see cref="QuorumStatus"/>, or not at all where nobody is elected here.</summary>
/// <param name="About">Comes back with the answer.</param>
internal sealed record QuorumQuery(object About) : INoSerializationVerificationNeeded;

/// <summary>Tells the journal that a broker is to have the log, so that it can become a voter.</summary>
/// <param name="Member">The broker.</param>
internal sealed record QuorumLearner(QuorumMember Member) : INoSerializationVerificationNeeded;

/// <summary>Has the journal ask every voter and learner whether it is there, before the voters are changed.</summary>
internal sealed record QuorumProbe : INoSerializationVerificationNeeded;

/// <summary>How the quorum stands.</summary>
/// <param name="About">What was asked with.</param>
/// <param name="Epoch">The epoch.</param>
/// <param name="Committed">Up to here a majority has the log.</param>
/// <param name="Voters">Who counts.</param>
/// <param name="Standings">How far each is, those that only take the log included.</param>
internal sealed record QuorumStatus(object About, int Epoch, long Committed, VoterSet Voters, IReadOnlyList<QuorumStanding> Standings) : INoSerializationVerificationNeeded;

/// <summary>When another set of voters may count.</summary>
internal static class VoterChanges
{
    /// <summary>
    /// Why a set must not follow another one now, in a sentence; null where it may: one voter at a time comes or goes, the one that comes is there and has the whole log, and so is and has a majority of
    /// the new set, so that the change cannot leave the cluster without one.
    /// </summary>
    public static string? WhyNot(VoterSet now, VoterSet next, IReadOnlyCollection<QuorumStanding> standings, long end)
    {
        var come = next.Members.Where(m => !now.Contains(m.Id, m.Disk)).ToList();
        var gone = now.Members.Count(m => !next.Contains(m.Id, m.Disk));
        if (come.Count + gone != 1) return "one voter at a time comes or goes: remove a lost one first, then add it with its new disk";
        if (next.Members.Length is 0 or > Limits.QuorumVoters) return $"a quorum has 1 to {Limits.QuorumVoters} voters";
        if (next.Members.Any(m => m.Disk == Guid.Empty)) return "a voter is named with the id of its disk";
        var ready = standings.Where(s => s.IsHere && s.Match >= end && next.Contains(s.Member.Id, s.Member.Disk)).Select(s => s.Member.Id).ToHashSet();
        if (come.Find(m => !ready.Contains(m.Id)) is { } late) return $"broker {late.Id} with the disk {late.Disk} is not there, or does not have the whole log yet";
        return ready.Count < next.Majority ? $"{ready.Count} of the {next.Members.Length} voters that there would be are there and have the whole log; {next.Majority} are needed" : null;
    }
}
