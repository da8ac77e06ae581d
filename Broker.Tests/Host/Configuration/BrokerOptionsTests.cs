using AkkaStream.Actors.Configuration;
using AkkaStream.Host.Start;

namespace AkkaStream.Tests.Host.Configuration;

/// <summary>Where a broker's configuration comes from, which place wins, and what is said about what cannot be used.</summary>
public sealed class BrokerOptionsTests : IDisposable
{
    private readonly string file = Path.Combine(Directory.CreateTempSubdirectory("options").FullName, "server.properties");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(file)!, recursive: true);

    [Fact]
    public void Options_win_over_the_environment_and_it_over_the_file()
    {
        File.WriteAllText(file, "num.partitions=2\nlog.dirs=/from/file\nmessage.max.bytes=3\n");
        var environment = new Dictionary<string, string> { ["AKKASTREAM_LOG_DIRS"] = "/from/environment", ["AKKASTREAM_NUM_PARTITIONS"] = "3" };
        var config = BrokerOptions.Read(["broker", "--config", file, "--override", "num.partitions=4", "--port=9192"], environment).Build();
        Assert.Equal(4, config.NumPartitions);
        Assert.Equal(["/from/environment"], config.LogDirs);
        Assert.Equal(3, config.TopicDefaults.MaxMessageBytes);
        Assert.Equal(9192, config.Listeners[0].Port);
    }

    [Fact]
    public void Short_forms_stand_for_keys()
    {
        var config = Read("--data", "/d", "--port", "0", "--log-level", "debug").Build();
        Assert.Equal(["/d"], config.LogDirs);
        Assert.Equal(0, config.Listeners[0].Port);
        Assert.Equal("debug", config.String("log.level"));
    }

    [Fact]
    public void Kafkas_own_file_starts_a_broker_and_what_has_no_effect_is_told()
    {
        File.WriteAllText(file, """
            process.roles=broker,controller
            node.id=1
            controller.quorum.bootstrap.servers=localhost:9093
            listeners=PLAINTEXT://:9092,CONTROLLER://:9093
            inter.broker.listener.name=PLAINTEXT
            advertised.listeners=PLAINTEXT://localhost:9092,CONTROLLER://localhost:9093
            controller.listener.names=CONTROLLER
            listener.security.protocol.map=CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,SSL:SSL,SASL_PLAINTEXT:SASL_PLAINTEXT,SASL_SSL:SASL_SSL
            num.network.threads=3
            num.io.threads=8
            socket.send.buffer.bytes=102400
            log.dirs=/tmp/kraft-combined-logs
            num.partitions=1
            offsets.topic.replication.factor=1
            transaction.state.log.replication.factor=1
            log.retention.hours=168
            """);
        var sources = Read("--config", file);
        Assert.Equal(9092, Assert.Single(sources.Build().Listeners).Port);
        Assert.Contains("num.io.threads", sources.WithoutEffect);
        Assert.DoesNotContain("log.retention.hours", sources.WithoutEffect);
    }

    [Theory]
    [InlineData("--override default.replication.factor=3: default.replication.factor: there is one broker", "default.replication.factor=3")]
    [InlineData("this version has no logins", "security.inter.broker.protocol=SASL_SSL")]
    public void What_can_hardly_be_meant_is_told(string sentence, string value)
    {
        var sources = Read("--override", value);
        sources.Build();
        Assert.Contains(sentence, Assert.Single(sources.Warnings));
    }

    [Fact]
    public void Every_fault_is_told_with_its_place()
    {
        File.WriteAllText(file, "# mine\nlog.retenton.ms=1\nnum.partitions=0\n");
        var environment = new Dictionary<string, string> { ["AKKASTREAM_NUM_PARTITION"] = "3" };
        var fault = Assert.Throws<ConfigException>(() => BrokerOptions.Read(["--config", file, "--override", "listeners=here"], environment).Build());
        var lines = fault.Message.Split('\n');
        Assert.Equal(3, lines.Length);
        Assert.Contains(lines, line => line == $"{file}:2: log.retenton.ms is not known; did you mean log.retention.ms?");
        Assert.Contains(lines, line => line.StartsWith($"{file}:3: Invalid value 0 for configuration num.partitions: Value must be at least 1", StringComparison.Ordinal));
        Assert.Contains(lines, line => line.StartsWith("environment variable AKKASTREAM_NUM_PARTITION: num.partition is not known", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--override listeners=here: listeners: 'here' is no address", "--override", "listeners=here")]
    [InlineData("--port many: expected a number", "--port", "many")]
    [InlineData("--override nothing: expected KEY=VALUE", "--override", "nothing")]
    [InlineData("'--prot' is no option", "--prot", "1")]
    [InlineData("--data needs a value", "--data")]
    [InlineData("--config /no/such/file: the file cannot be read", "--config", "/no/such/file")]
    [InlineData("this version has no authorizer", "--override", "authorizer.class.name=x.Y")]
    [InlineData("asks for a login", "--override", "listeners=SASL_SSL://:9092")]
    [InlineData("--log-level loud: ", "--log-level", "loud")]
    [InlineData("process.roles: a broker of AkkaStream is controller and broker in one", "--override", "process.roles=controller")]
    public void What_cannot_be_used_is_told(string sentence, params string[] args) => Assert.Contains(sentence, Assert.Throws<ConfigException>(() => Read(args).Build()).Message);

    [Theory]
    [InlineData("AKKASTREAM_SHARED")]
    [InlineData("AKKASTREAM_SERVICE_HOST")]
    [InlineData("AKKASTREAM_SERVICE_PORT")]
    [InlineData("AKKASTREAM_SERVICE_PORT_KAFKA")]
    [InlineData("AKKASTREAM_PORT")]
    [InlineData("AKKASTREAM_PORT_9092_TCP_ADDR")]
    [InlineData("AKKASTREAM_HEADLESS_SERVICE_HOST")]
    public void What_Kubernetes_puts_into_the_environment_is_left_alone(string name)
        => Assert.Equal(1, BrokerOptions.Read([], new Dictionary<string, string> { [name] = "tcp://10.0.0.1:9092" }).Build().NodeId);

    [Theory]
    [InlineData(true)]
    [InlineData(true, "broker")]
    [InlineData(true, "--port", "1")]
    [InlineData(true, "broker", "--port", "1")]
    [InlineData(false, "topics", "list")]
    [InlineData(false, "broker", "drain", "3")]
    public void A_broker_needs_no_verb(bool expected, params string[] args) => Assert.Equal(expected, BrokerOptions.AreFor(args));

    private static AkkaStream.Host.Configuration.ConfigSources Read(params string[] args) => BrokerOptions.Read(args, new Dictionary<string, string>());
}
