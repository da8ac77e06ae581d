using AkkaStream.Actors.Configuration;
using AkkaStream.Host;

namespace AkkaStream.Tests.Host;

/// <summary>Two brokers on one directory would overwrite each other's records.</summary>
public sealed class DirectoryLocksTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("locks").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void A_directory_is_one_brokers_until_it_is_given_back()
    {
        using (DirectoryLocks.Take([folder]))
        {
            var refused = Assert.Throws<IOException>(() => DirectoryLocks.Take([folder]));
            Assert.Contains(folder, refused.Message, StringComparison.Ordinal);
            Assert.Contains("another broker", refused.Message, StringComparison.Ordinal);
        }

        DirectoryLocks.Take([folder]).Dispose();
    }

    [Fact]
    public void Where_one_directory_is_taken_the_others_are_given_back()
    {
        var other = Path.Combine(folder, "other");
        using (DirectoryLocks.Take([folder])) Assert.Throws<IOException>(() => DirectoryLocks.Take([other, folder]));
        DirectoryLocks.Take([other, folder]).Dispose();
    }

    [Fact]
    public void A_directory_that_cannot_be_made_is_left_to_who_opens_it()
    {
        var file = Path.Combine(folder, "file");
        File.WriteAllText(file, "");
        DirectoryLocks.Take([Path.Combine(file, "below")]).Dispose();
    }

    [Fact]
    public async Task A_second_broker_does_not_start_and_the_first_goes_on()
    {
        var config = BrokerConfig.Create(new Dictionary<string, string> { ["node.id"] = "1", ["log.dirs"] = folder, ["listeners"] = "PLAINTEXT://127.0.0.1:0" });
        await using (RunningBroker.Start(config, withDoor: false)) Assert.Throws<IOException>(() => RunningBroker.Start(config, withDoor: false));
        await using var again = RunningBroker.Start(config, withDoor: false);
    }
}
