using System.Collections.Immutable;
using AkkaStream.Actors.Configuration;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Metadata;

/// <content>How events make one image of another.</content>
public sealed partial class MetadataImage
{
    private sealed class Change(MetadataImage image)
    {
        private readonly ImmutableDictionary<string, TopicImage>.Builder topics = image.Topics.ToBuilder();
        private readonly ImmutableDictionary<Guid, string>.Builder names = image.Names.ToBuilder();
        private readonly ImmutableDictionary<string, string>.Builder collisions = image.Collisions.ToBuilder();
        private ImmutableDictionary<ConfigResource, ImmutableDictionary<string, string>> configs = image.Configs;
        private ImmutableDictionary<int, BrokerImage> brokers = image.Brokers;
        private ImmutableDictionary<string, short> features = image.Features;

        // Gathered, and made an array once: a hundred thousand partitions of one topic are not copied a hundred thousand times.
        private readonly Dictionary<Guid, ImmutableArray<PartitionImage>.Builder> open = [];
        private readonly HashSet<string> touched = new(StringComparer.Ordinal);
        private long nextProducerId = image.NextProducerId;
        private ImmutableList<Guid> removed = image.Removed;

        public void Apply(IApiMessage e)
        {
            switch (e)
            {
                case TopicRecord topic: Add(topic); break;
                case PartitionRecord partition: Add(partition); break;
                case PartitionChangeRecord change: Alter(change); break;
                case RemoveTopicRecord removed: Remove(removed.TopicId); break;
                case ConfigRecord config: Configure(config); break;
                case RegisterBrokerRecord broker: brokers = brokers.SetItem(broker.BrokerId, BrokerImage.From(broker)); break;
                case BrokerRegistrationChangeRecord change: Alter(change); break;
                case UnregisterBrokerRecord broker: brokers = brokers.Remove(broker.BrokerId); break;
                case ProducerIdsRecord ids: nextProducerId = ids.NextProducerId; break;
                case FeatureLevelRecord feature: features = feature.FeatureLevel == 0 ? features.Remove(feature.Name) : features.SetItem(feature.Name, feature.FeatureLevel); break;
                case NoOpRecord: break;
                default: throw new MalformedMessageException($"the metadata journal holds an event that this version does not know: {e.GetType().Name}");
            }
        }

        public MetadataImage Done(long offset)
        {
            foreach (var (id, partitions) in open)
            {
                var name = names[id];
                topics[name] = topics[name] with { Partitions = partitions.DrainToImmutable() };
            }

            return new()
            {
                Offset = offset,
                Topics = topics.ToImmutable(),
                Names = names.ToImmutable(),
                Collisions = collisions.ToImmutable(),
                Configs = configs,
                Brokers = brokers,
                Features = features,
                NextProducerId = nextProducerId,
                Removed = removed,
                Touched = touched,
            };
        }

        private void Add(TopicRecord topic)
        {
            topics.Add(topic.Name, new TopicImage(topic.Name, topic.TopicId, [], ImmutableDictionary<string, string>.Empty));
            names.Add(topic.TopicId, topic.Name);
            collisions[TopicNames.CollisionKey(topic.Name)] = topic.Name;
            touched.Add(topic.Name);
        }

        private void Add(PartitionRecord p)
        {
            var partitions = PartitionsOf(p.TopicId);
            if (p.PartitionId != partitions.Count) throw new MalformedMessageException($"the metadata journal has partition {p.PartitionId} of {names[p.TopicId]} after {partitions.Count} partitions");
            partitions.Add(PartitionImage.From(p));
        }

        private void Alter(PartitionChangeRecord change)
        {
            var partitions = PartitionsOf(change.TopicId);
            if ((uint)change.PartitionId >= (uint)partitions.Count) throw new MalformedMessageException($"the metadata journal changes partition {change.PartitionId} of {names[change.TopicId]}, which has {partitions.Count} partitions");
            partitions[change.PartitionId] = partitions[change.PartitionId].With(change);
        }

        private ImmutableArray<PartitionImage>.Builder PartitionsOf(Guid id)
        {
            if (open.TryGetValue(id, out var partitions)) return partitions;
            if (!names.TryGetValue(id, out var name)) throw new MalformedMessageException($"the metadata journal has a partition of the unknown topic {KafkaUuid.ToText(id)}");
            partitions = topics[name].Partitions.ToBuilder();
            open.Add(id, partitions);
            touched.Add(name);
            return partitions;
        }

        private void Alter(BrokerRegistrationChangeRecord change)
        {
            if (!brokers.TryGetValue(change.BrokerId, out var broker) || broker.Epoch != change.BrokerEpoch)
            {
                throw new MalformedMessageException($"the metadata journal changes broker {change.BrokerId} of epoch {change.BrokerEpoch}, which is not registered");
            }

            brokers = brokers.SetItem(broker.Id, broker.With(change));
        }

        private void Remove(Guid id)
        {
            if (removed.Count >= Limits.RemovedTopics) removed = removed.RemoveAt(0);
            removed = removed.Add(id);
            if (!names.Remove(id, out var name)) return;
            topics.Remove(name);
            open.Remove(id);
            touched.Add(name);
            collisions.Remove(TopicNames.CollisionKey(name));
        }

        private void Configure(ConfigRecord config)
        {
            var resource = new ConfigResource((ConfigResourceType)config.ResourceType, config.ResourceName);
            if (resource.Type == ConfigResourceType.Topic)
            {
                if (!topics.TryGetValue(config.ResourceName, out var topic)) return;
                topics[topic.Name] = topic with { Configs = Set(topic.Configs, config) };
                touched.Add(topic.Name);
                return;
            }

            var values = Set(configs.GetValueOrDefault(resource, ImmutableDictionary<string, string>.Empty), config);
            configs = values.IsEmpty ? configs.Remove(resource) : configs.SetItem(resource, values);
        }

        private static ImmutableDictionary<string, string> Set(ImmutableDictionary<string, string> values, ConfigRecord config)
            => config.Value is null ? values.Remove(config.Name) : values.SetItem(config.Name, config.Value);
    }
}
