using AkkaStream.Actors.Requests;
using AkkaStream.Client.Protocol;
using AkkaStream.Host.Kafka;
using AkkaStream.Tests.Client.Protocol;

namespace AkkaStream.Tests.Host.Kafka;

/// <summary>Bad frames at a door that serves what Kafka serves, and behind which every request is answered with nothing: who is closed out, and who is not.</summary>
public sealed class MalformedFrameDoorTests
{
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_door_closes_on_the_frames_on_which_Kafka_closes(bool systemCalls)
    {
        var handler = new EmptyAnswers();
        var options = new DoorOptions { Listeners = [new ListenerOptions("TEST", "127.0.0.1", 0)], Threads = 1, UseSystemCalls = systemCalls && OperatingSystem.IsLinux() };
        await using var door = KafkaDoor.Bind(options);
        door.Open(handler, new AdvertisedVersions(EmptyAnswers.Served));
        var runner = new MalformedRunner("127.0.0.1", door.Bound[0].Port, codes: false);
        // What a produce deserves is known behind the door only.
        var differences = await runner.Run(MalformedFrame.All.Where(frame => frame.Group != "produce"));
        Assert.True(differences.Count == 0, $"{differences.Count}:\n{string.Join('\n', differences)}");
    }

    private sealed class EmptyAnswers : IRequestHandler
    {
        public static Dictionary<ApiKey, (short Lowest, short Highest)> Served { get; } = ServedByKafka();

        public void Handle(RequestSlot slot)
        {
            var answer = ApiMessages.CreateResponse(slot.Header.Key)!;
            if (answer is ApiVersionsResponse versions)
            {
                foreach (var (key, (lowest, highest)) in Served) versions.ApiKeys.Add(new() { ApiKey = (short)key, MinVersion = lowest, MaxVersion = highest });
            }

            slot.Complete(answer);
        }

        // What Kafka's own broker said that it serves.
        private static Dictionary<ApiKey, (short Lowest, short Highest)> ServedByKafka()
            => MessageVector.Lines("frames.jsonl")
                .First(line => line.GetProperty("id").GetString() == "ApiVersions-v0" && line.GetProperty("direction").GetString() == "response")
                .GetProperty("body").GetProperty("apiKeys").EnumerateArray()
                .ToDictionary(api => (ApiKey)api.GetProperty("apiKey").GetInt16(), api => (api.GetProperty("minVersion").GetInt16(), api.GetProperty("maxVersion").GetInt16()));
    }
}
