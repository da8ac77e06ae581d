using Akka.Actor;
using Akka.Hosting;
using Akka.Persistence;
using Akka.Persistence.Hosting;
using AkkaStream.Host.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace AkkaStream.Tests.Host;

/// <summary>Journals and snapshot stores of a hosted actor system.</summary>
public sealed class PersistenceHostingTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_hosted_systems_events_and_snapshots_are_in_files()
    {
        var folder = Directory.CreateTempSubdirectory("journal-").FullName;
        void Configure(AkkaConfigurationBuilder akka) => akka.WithJournalAndSnapshot(new LogJournalOptions { Directory = Path.Combine(folder, "journal") }, new LogSnapshotOptions { Directory = Path.Combine(folder, "snapshots") });
        Assert.Equal("1 2", await Run(Configure, "1", "save", "2", "state"));
        Assert.Equal("1 2 3", await Run(Configure, "3", "state"));
        Assert.True(File.Exists(Path.Combine(folder, "journal", "journal-0", "00000000000000000000.log")));
        Assert.Single(Directory.GetFiles(Path.Combine(folder, "snapshots")));
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Those_in_memory_end_with_their_system()
    {
        static void Configure(AkkaConfigurationBuilder akka) => akka.WithInMemoryJournal().WithInMemorySnapshotStore();
        Assert.Equal("1 2", await Run(Configure, "1", "save", "2", "state"));
        Assert.Equal("3", await Run(Configure, "3", "state"));
    }

    private static async Task<string> Run(Action<AkkaConfigurationBuilder> configure, params string[] commands)
    {
        var builder = new HostApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddAkka("hosted", akka =>
        {
            configure(akka);
            akka.WithActors((system, registry) => registry.Register<Keeper>(system.ActorOf(Props.Create(() => new Keeper()))));
        });
        using var host = builder.Build();
        await host.StartAsync();
        var keeper = host.Services.GetRequiredService<IRequiredActor<Keeper>>().ActorRef;
        var answer = "";
        foreach (var command in commands) answer = await keeper.Ask<string>(command, Patience);
        await host.StopAsync();
        return answer;
    }

    private sealed class Keeper : ReceivePersistentActor
    {
        private string _state = "";

        public Keeper()
        {
            IActorRef? asker = null;
            Recover<SnapshotOffer>(offer => _state = (string)offer.Snapshot);
            Recover<string>(Add);
            Command<SaveSnapshotSuccess>(_ => asker!.Tell("saved"));
            Command<string>(command =>
            {
                asker = Sender;
                if (command == "state") Sender.Tell(_state);
                else if (command == "save") SaveSnapshot(_state);
                else Persist(command, added =>
                {
                    Add(added);
                    Sender.Tell("added");
                });
            });
        }

        public override string PersistenceId => "keeper";

        private void Add(string word) => _state = _state.Length == 0 ? word : $"{_state} {word}";
    }
}
