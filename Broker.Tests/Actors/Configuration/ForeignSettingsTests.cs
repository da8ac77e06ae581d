using AkkaStream.Actors.Configuration;
using AkkaStream.Actors.Requests.Configs;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Tests.Actors.Configuration;

/// <summary>Settings of another broker do not go on to the controller; what else was asked for does.</summary>
public sealed class ForeignSettingsTests
{
    private readonly ConfigStateFake state = new();

    [Theory]
    [InlineData("977")]
    [InlineData("x")]
    public void Settings_of_another_broker_are_taken_out_and_answered_with_the_rest(string other)
    {
        var request = new IncrementalAlterConfigsRequest { Resources = [Broker(other), Broker("1"), Broker("")] };
        var refused = ForeignSettings.Take(request, state);
        Assert.Equal(["1", ""], request.Resources.Select(r => r.ResourceName));

        var answer = new IncrementalAlterConfigsResponse { Responses = [new() { ResourceType = 4, ResourceName = "1" }, new() { ResourceType = 4, ResourceName = "" }] };
        var merged = (IncrementalAlterConfigsResponse)ForeignSettings.Merge(answer, refused);
        Assert.Equal([("1", ErrorCode.None), ("", ErrorCode.None), (other, ErrorCode.InvalidRequest)], merged.Responses.Select(r => (r.ResourceName, r.ErrorCode)));
    }

    [Fact]
    public void Nothing_is_left_where_all_is_refused()
    {
        var request = new AlterConfigsRequest { Resources = [new() { ResourceType = (sbyte)ConfigResourceType.Broker, ResourceName = "2" }] };
        var refused = Assert.IsType<AlterConfigsResponse>(ForeignSettings.Take(request, state));
        Assert.True(ForeignSettings.IsEmpty(request));
        Assert.Contains("2", Assert.Single(refused.Responses).ErrorMessage, StringComparison.Ordinal);
    }

    [Fact]
    public void Topics_go_on_to_the_controller()
    {
        var request = new IncrementalAlterConfigsRequest { Resources = [new() { ResourceType = (sbyte)ConfigResourceType.Topic, ResourceName = "t" }] };
        Assert.Null(ForeignSettings.Take(request, state));
        Assert.Single(request.Resources);
    }

    private static IncrementalAlterConfigsRequest.AlterConfigsResource Broker(string name) => new() { ResourceType = (sbyte)ConfigResourceType.Broker, ResourceName = name };
}
