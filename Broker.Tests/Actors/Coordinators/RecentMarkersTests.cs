using AkkaStream.Actors;
using AkkaStream.Actors.Coordinators;

namespace AkkaStream.Tests.Actors.Coordinators;

/// <summary>Which transactions have ended since somebody looked.</summary>
public sealed class RecentMarkersTests
{
    [Fact]
    public void Whoever_asks_hears_of_later_markers_of_the_same_producer_only()
    {
        var markers = new RecentMarkers();
        markers.Ended(1);
        var since = markers.Now;
        Assert.False(markers.MayHaveEnded(1, since));
        markers.Ended(2);
        Assert.False(markers.MayHaveEnded(1, since));
        markers.Ended(1);
        Assert.True(markers.MayHaveEnded(1, since));
        Assert.False(markers.MayHaveEnded(1, markers.Now));
    }

    [Fact]
    public void What_is_forgotten_may_have_ended()
    {
        var markers = new RecentMarkers();
        var since = markers.Now;
        for (var producer = 0; producer < Limits.RecentMarkers; producer++) markers.Ended(producer);
        Assert.False(markers.MayHaveEnded(-1, since));
        markers.Ended(Limits.RecentMarkers);
        Assert.True(markers.MayHaveEnded(-1, since));
        Assert.False(markers.MayHaveEnded(-1, markers.Now));
    }
}
