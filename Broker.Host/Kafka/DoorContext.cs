using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Host.Kafka;

/// <summary>What all connections of a door share.</summary>
internal sealed class DoorContext
{
    private readonly Lock logGate = new();
    private long logSecond;
    private long logLines;
    private long leftOut;
    private bool leftWarning;

    public DoorContext(DoorOptions options, IRequestHandler handler, AdvertisedVersions versions, RequestMemory memory, BufferPool buffers, DoorMetrics metrics)
    {
        Options = options;
        Handler = handler;
        Versions = versions;
        Memory = memory;
        Buffers = buffers;
        Metrics = metrics;
        var own = versions.Of(ApiKey.ApiVersions);
        VersionsRefusal = new ApiVersionsResponse { ErrorCode = ErrorCode.UnsupportedVersion };
        if (own.IsEmpty) return;
        VersionsRefusal.ApiKeys.Add(new ApiVersionsResponse.ApiVersion { ApiKey = (short)ApiKey.ApiVersions, MinVersion = own.Lowest, MaxVersion = own.Highest });
    }

    public DoorOptions Options { get; }

    public IRequestHandler Handler { get; }

    public AdvertisedVersions Versions { get; }

    public RequestMemory Memory { get; }

    public BufferPool Buffers { get; }

    public DoorMetrics Metrics { get; }

    /// <summary>The answer to an ApiVersions request of a version that is not served: it names those of ApiVersions itself.</summary>
    public ApiVersionsResponse VersionsRefusal { get; }

    /// <summary>Logs a line; what strangers do fills no disk.</summary>
    public void Log(bool warning, string line)
    {
        if (Options.Log is not { } log) return;
        long left;
        bool important;
        lock (logGate)
        {
            var second = Environment.TickCount64 / 1000;
            if (second != logSecond) (logSecond, logLines) = (second, 0);
            if (++logLines > Limits.LogLinesOfASecond)
            {
                leftOut++;
                leftWarning |= warning;
                return;
            }

            (left, important, leftOut, leftWarning) = (leftOut, leftWarning, 0, false);
        }

        // As important as the most important one of them: who does not see such lines need not hear of those that are missing.
        if (left > 0) log(important, $"{left} more lines about clients were left out");
        log(warning, line);
    }
}
