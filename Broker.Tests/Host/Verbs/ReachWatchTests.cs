using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;
using AkkaStream.Host.Verbs;

namespace AkkaStream.Tests.Host.Verbs;

public sealed class ReachWatchTests
{
    private static readonly BrokerAddress One = new("one", 9092);
    private static readonly BrokerAddress Other = new("other", 9092);
    private readonly ReachWatch watch = new("reading goes on when it answers");

    [Fact]
    public void A_broker_that_is_away_is_told_once_and_when_it_is_there_again()
    {
        Assert.Null(Fails(One, 0));
        Assert.Null(Fails(One, 1_000));
        Assert.Equal("cannot reach one; reading goes on when it answers", Fails(One, 2_000));
        Assert.Null(Fails(One, 60_000));
        Assert.Equal("one:9092 is there again", Answers(One, 61_000));
        Assert.Null(Answers(One, 61_001));
        Assert.Null(Fails(One, 61_002));
    }

    [Fact]
    public void One_that_says_nothing_is_told_while_it_is_asked()
    {
        watch.Asked(One, 0);
        Assert.Null(watch.Look(1_999));
        Assert.Equal("one:9092 does not answer; reading goes on when it answers", watch.Look(2_000));
        Assert.Null(watch.Look(9_000));
        watch.Asked(One, 9_000);
        Assert.Equal("one:9092 is there again", watch.Answered(One, 9_001));

        // What is left to be answered is counted from there.
        Assert.Null(watch.Look(11_000));
        Assert.NotNull(watch.Look(11_001));
    }

    [Fact]
    public void A_restart_in_order_is_not_worth_a_line_and_nobody_is_waited_for_who_is_not_asked()
    {
        Assert.Null(Fails(One, 0));
        Assert.Null(Answers(One, 1_500));
        Assert.Null(Fails(One, 1_600));
        Assert.Null(Answers(Other, 1_601));
        Assert.Null(watch.Look(60_000));
        watch.Asked(Other, 60_000);
        watch.GivenUp(Other);
        Assert.Null(watch.Look(70_000));
        Assert.True(ReachWatch.IsQuick(ApiKey.Fetch));
        Assert.False(ReachWatch.IsQuick(ApiKey.JoinGroup));
    }

    private string? Fails(BrokerAddress broker, long nowMs)
    {
        watch.Asked(broker, nowMs);
        return watch.Failed(broker, $"cannot reach {broker.Host}", nowMs);
    }

    private string? Answers(BrokerAddress broker, long nowMs)
    {
        watch.Asked(broker, nowMs);
        return watch.Answered(broker, nowMs);
    }
}
