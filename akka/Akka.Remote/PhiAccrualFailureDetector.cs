using Akka.Configuration;

namespace Akka.Remote;

/// <summary>
/// The phi accrual failure detector (Hayashibara and others): how unlikely it is, by the intervals of the last heartbeats, that the next one is still
/// to come. The suspicion phi is the negative decimal logarithm of that probability; from the threshold on the resource counts as gone.
/// </summary>
public class PhiAccrualFailureDetector : FailureDetector
{
    private readonly double _threshold;
    private readonly double _minStdDeviation;
    private readonly double _acceptablePause;
    private readonly double _firstEstimate;
    private readonly Clock _clock;
    private readonly Lock _lock = new();
    private readonly double[] _intervals;
    private int _count;
    private int _next;
    private double _sum;
    private double _sumOfSquares;
    private long? _last;

    /// <summary>
    /// By its parameters: the suspicion from which the resource counts as gone (more than 0), how many intervals are remembered (at least 1), the least standard deviation
    /// that is assumed (more than 0), how long a pause is accepted beside it (at least 0), and the interval that is assumed before there are any (more than 0).
    /// Throws <see cref="ArgumentException"/> where one is out of its bounds.
    /// </summary>
    public PhiAccrualFailureDetector(double threshold, int maxSampleSize, TimeSpan minStdDeviation, TimeSpan acceptableHeartbeatPause, TimeSpan firstHeartbeatEstimate, Clock clock)
    {
        if (threshold <= 0) throw new ArgumentException($"threshold is {threshold}, must be > 0", nameof(threshold));
        if (maxSampleSize <= 0) throw new ArgumentException($"maxSampleSize is {maxSampleSize}, must be > 0", nameof(maxSampleSize));
        if (minStdDeviation <= TimeSpan.Zero) throw new ArgumentException($"minStdDeviation is {minStdDeviation}, must be > 0", nameof(minStdDeviation));
        if (acceptableHeartbeatPause < TimeSpan.Zero) throw new ArgumentException($"acceptableHeartbeatPause is {acceptableHeartbeatPause}, must be >= 0", nameof(acceptableHeartbeatPause));
        if (firstHeartbeatEstimate <= TimeSpan.Zero) throw new ArgumentException($"firstHeartbeatEstimate is {firstHeartbeatEstimate}, must be > 0", nameof(firstHeartbeatEstimate));
        _threshold = threshold;
        _intervals = new double[maxSampleSize];
        _minStdDeviation = minStdDeviation.TotalMilliseconds;
        _acceptablePause = acceptableHeartbeatPause.TotalMilliseconds;
        _firstEstimate = firstHeartbeatEstimate.TotalMilliseconds;
        _clock = clock;
    }

    /// <inheritdoc/>
    public override bool IsAvailable => Phi < _threshold;

    /// <inheritdoc/>
    public override bool IsMonitoring
    {
        get
        {
            lock (_lock) return _last is not null;
        }
    }

    /// <summary>The suspicion right now; 0 before the first heartbeat.</summary>
    internal double Phi
    {
        get
        {
            lock (_lock)
            {
                if (_last is not { } last) return 0;
                return Suspicion(_clock() - last);
            }
        }
    }

    /// <inheritdoc/>
    public override void HeartBeat()
    {
        lock (_lock)
        {
            var now = _clock();
            if (_last is not { } last)
            {
                // Two intervals around the estimate: a guess, and that it is one.
                Add(_firstEstimate - (_firstEstimate / 4));
                Add(_firstEstimate + (_firstEstimate / 4));
            }
            else if (Suspicion(now - last) < _threshold)
            {
                // An interval at whose end the resource counted as gone is no sample of how regular it is.
                Add(now - last);
            }

            _last = now;
        }
    }

    /// <summary>A detector by the configuration of one: threshold, max-sample-size, min-standard-deviation, acceptable-heartbeat-pause, and the interval first expected.</summary>
    internal static PhiAccrualFailureDetector Of(Config config, Clock clock, double pauseFactor = 1)
        => new(
            config.GetDouble("threshold"),
            config.GetInt("max-sample-size"),
            config.GetTimeSpan("min-standard-deviation", allowInfinite: false),
            config.GetTimeSpan("acceptable-heartbeat-pause", allowInfinite: false) * pauseFactor,
            config.GetTimeSpan("heartbeat-interval", allowInfinite: false),
            clock);

    // The logistic approximation of the normal distribution's tail.
    private double Suspicion(double elapsed)
    {
        var average = _sum / _count;
        var deviation = Math.Max(_minStdDeviation, Math.Sqrt(Math.Max(0, (_sumOfSquares / _count) - (average * average))));
        var mean = average + _acceptablePause;
        var y = (elapsed - mean) / deviation;
        var e = Math.Exp(-y * (1.5976 + (0.070566 * y * y)));
        return elapsed > mean ? -Math.Log10(e / (1 + e)) : -Math.Log10(1 - (1 / (1 + e)));
    }

    private void Add(double interval)
    {
        if (_count == _intervals.Length)
        {
            var oldest = _intervals[_next];
            _sum -= oldest;
            _sumOfSquares -= oldest * oldest;
        }
        else
        {
            _count++;
        }

        _intervals[_next] = interval;
        _next = (_next + 1) % _intervals.Length;
        _sum += interval;
        _sumOfSquares += interval * interval;
    }
}
