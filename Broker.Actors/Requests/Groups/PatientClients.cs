namespace AkkaStream.Actors.Requests.Groups;

/// <summary>
/// Clients that send heartbeats from a thread of their own and ask nothing else behind them that they would wait for. A client that sends them between records, as some do, would
/// stand still while its heartbeat's answer is held back: one that is not known is answered at once.
/// </summary>
internal static class PatientClients
{
    private static readonly string[] Names = ["apache-kafka-java ", "librdkafka ", "confluent-kafka-", "akkastream-dotnet "];

    /// <summary>Whether software of that name, as ApiVersions told it, is one of them; false for null.</summary>
    public static bool Knows(string? software)
    {
        if (software is null) return false;
        foreach (var name in Names)
        {
            if (software.StartsWith(name, StringComparison.Ordinal)) return true;
        }

        return false;
    }
}
