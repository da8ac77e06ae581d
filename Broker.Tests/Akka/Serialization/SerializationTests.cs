using System.Collections.Immutable;
using System.Runtime.Serialization;
using System.Text;
using Akka.Actor;
using Akka.Actor.Setup;
using Akka.Configuration;
using Akka.Serialization;
using Akka.TestKit.Xunit2;

namespace AkkaStream.Tests.Akka.Serialization;

public sealed class SerializationTests : TestKit
{
    private const string Here = "AkkaStream.Tests.Akka.Serialization.SerializationTests";

    public SerializationTests()
        : base(ActorSystemSetup.Create(
            BootstrapSetup.Create().WithConfig(ConfigurationFactory.ParseString($$"""
                akka.actor {
                  serializers { animal = "{{Here}}+AnimalSerializer, AkkaStream.Tests", plain = "{{Here}}+PlainSerializer, AkkaStream.Tests" }
                  serialization-bindings { "{{Here}}+IAnimal, AkkaStream.Tests" = animal, "{{Here}}+Plain, AkkaStream.Tests" = plain }
                  serialization-identifiers { "{{Here}}+PlainSerializer, AkkaStream.Tests" = 4711 }
                }
                """)),
            SerializationSetup.Create(system => ImmutableHashSet.Create(SerializerDetails.Create("cat", new CatSerializer(system), ImmutableHashSet.Create(typeof(Cat)))))))
    {
    }

    public interface IAnimal;

    public record Dog(string Name) : IAnimal;

    public record Cat(string Name) : IAnimal;

    public sealed record Kitten(string Name) : Cat(Name);

    public sealed record Plain(string Text);

    public sealed record Unbound(int Number);

    [Theory]
    [InlineData("text", 17)]
    [InlineData("", 17)]
    [InlineData(42, 17)]
    [InlineData(long.MinValue, 17)]
    public void Primitives_survive(object value, int serializer)
    {
        var found = Sys.Serialization.FindSerializerFor(value);
        Assert.Equal(serializer, found.Identifier);
        Assert.Equal(value, Sys.Serialization.Deserialize(Sys.Serialization.Serialize(value), found.Identifier, global::Akka.Serialization.Serialization.ManifestFor(found, value)));
    }

    [Fact]
    public void Bytes_are_not_copied()
    {
        byte[] bytes = [1, 2, 3];
        Assert.Equal(4, Sys.Serialization.FindSerializerFor(bytes).Identifier);
        Assert.Same(bytes, Sys.Serialization.Serialize(bytes));
        Assert.Same(bytes, Sys.Serialization.Deserialize(bytes, 4, ""));
    }

    [Fact]
    public void Null_has_a_serializer() => Assert.Equal(0, Sys.Serialization.FindSerializerFor(null).Identifier);

    [Fact]
    public void The_nearest_binding_counts()
    {
        Assert.IsType<AnimalSerializer>(Sys.Serialization.FindSerializerFor(new Dog("a")));
        Assert.IsType<CatSerializer>(Sys.Serialization.FindSerializerFor(new Cat("b")));
        Assert.IsType<CatSerializer>(Sys.Serialization.FindSerializerFor(new Kitten("c")));
    }

    [Fact]
    public void A_message_comes_back_by_its_manifest()
    {
        var dog = new Dog("Rex");
        var serializer = Sys.Serialization.FindSerializerFor(dog);
        Assert.Equal(dog, Sys.Serialization.Deserialize(serializer.ToBinary(dog), serializer.Identifier, "D"));
        Assert.Throws<SerializationException>(() => Sys.Serialization.Deserialize(serializer.ToBinary(dog), serializer.Identifier, "X"));
    }

    [Fact]
    public void A_type_name_from_the_wire_loads_no_type_that_is_not_bound()
    {
        var plain = new Plain("x");
        var serializer = Sys.Serialization.FindSerializerFor(plain);
        Assert.Equal(4711, serializer.Identifier);
        var manifest = global::Akka.Serialization.Serialization.ManifestFor(serializer, plain);
        Assert.Equal(plain, Sys.Serialization.Deserialize(serializer.ToBinary(plain), 4711, manifest));
        Assert.Throws<SerializationException>(() => Sys.Serialization.Deserialize([], 4711, "System.Diagnostics.Process, System.Diagnostics.Process"));
    }

    [Fact]
    public void What_is_not_bound_is_refused()
    {
        Assert.Contains(nameof(Unbound), Assert.Throws<SerializationException>(() => Sys.Serialization.FindSerializerFor(new Unbound(1))).Message);
        Assert.Throws<SerializationException>(() => Sys.Serialization.Deserialize([1], 999, ""));
        Assert.IsType<AnimalSerializer>(Sys.Serialization.FindSerializerFor(new Unbound(1), "animal"));
    }

    [Fact]
    public void Primitives_of_the_wrong_size_are_refused()
        => Assert.Throws<SerializationException>(() => Sys.Serialization.Deserialize([1, 2, 3], 17, "I"));

    [Fact]
    public void Two_serializers_cannot_have_one_identifier()
        => Assert.Throws<ConfigurationException>(() => Sys.Serialization.AddSerializer(new ThiefSerializer((ExtendedActorSystem)Sys)));

    [Fact]
    public void An_actor_is_written_as_its_path_and_found_again()
    {
        var path = global::Akka.Serialization.Serialization.SerializedActorPath(TestActor);
        Assert.Equal(TestActor, Sys.Serialization.DeserializeActorRef(path));
        var address = new Address("akka.tcp", Sys.Name, "here", 4053);
        var remote = global::Akka.Serialization.Serialization.WithTransport(Sys, address, () => global::Akka.Serialization.Serialization.SerializedActorPath(TestActor));
        Assert.StartsWith("akka.tcp://" + Sys.Name + "@here:4053/", remote);
    }

    [Fact]
    public void The_transport_is_set_only_while_it_serializes()
    {
        Assert.Throws<InvalidOperationException>(global::Akka.Serialization.Serialization.GetCurrentTransportInformation);
        var address = new Address("akka.tcp", "x", "y", 1);
        Assert.Equal(address, global::Akka.Serialization.Serialization.WithTransport(Sys, address, () => global::Akka.Serialization.Serialization.GetCurrentTransportInformation().Address));
        Assert.Throws<InvalidOperationException>(global::Akka.Serialization.Serialization.GetCurrentTransportInformation);
    }

    public sealed class AnimalSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 100;

        public override string Manifest(object o) => o is Dog ? "D" : "?";

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((Dog)obj).Name);

        public override object FromBinary(byte[] bytes, string manifest)
            => manifest == "D" ? new Dog(Encoding.UTF8.GetString(bytes)) : throw new SerializationException($"no animal '{manifest}'");
    }

    public sealed class CatSerializer(ExtendedActorSystem system) : SerializerWithStringManifest(system)
    {
        public override int Identifier => 101;

        public override string Manifest(object o) => "C";

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((Cat)obj).Name);

        public override object FromBinary(byte[] bytes, string manifest) => new Cat(Encoding.UTF8.GetString(bytes));
    }

    public sealed class PlainSerializer(ExtendedActorSystem system) : Serializer(system)
    {
        public override bool IncludeManifest => true;

        public override byte[] ToBinary(object obj) => Encoding.UTF8.GetBytes(((Plain)obj).Text);

        public override object FromBinary(byte[] bytes, Type type) => new Plain(Encoding.UTF8.GetString(bytes));
    }

    private sealed class ThiefSerializer(ExtendedActorSystem system) : Serializer(system)
    {
        public override int Identifier => 100;

        public override bool IncludeManifest => false;

        public override byte[] ToBinary(object obj) => [];

        public override object FromBinary(byte[] bytes, Type type) => bytes;
    }
}
