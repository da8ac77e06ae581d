using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Admin;

/// <summary>What an ACL is about; the numbers are Kafka's.</summary>
public enum AclResourceType : sbyte
{
    /// <summary>Any, in a filter.</summary>
    Any = 1,

    /// <summary>A topic.</summary>
    Topic = 2,

    /// <summary>A group.</summary>
    Group = 3,

    /// <summary>The cluster; its name is <c>kafka-cluster</c>.</summary>
    Cluster = 4,

    /// <summary>A transactional id.</summary>
    TransactionalId = 5,

    /// <summary>A delegation token.</summary>
    DelegationToken = 6,

    /// <summary>A user.</summary>
    User = 7,
}

/// <summary>How an ACL's name is meant; the numbers are Kafka's.</summary>
public enum AclPatternType : sbyte
{
    /// <summary>Any, in a filter.</summary>
    Any = 1,

    /// <summary>Every ACL that counts for a name, in a filter.</summary>
    Match = 2,

    /// <summary>The name itself; <c>*</c> is every one.</summary>
    Literal = 3,

    /// <summary>Every name that begins so.</summary>
    Prefixed = 4,
}

/// <summary>What an ACL allows or denies; the numbers are Kafka's.</summary>
public enum AclOperation : sbyte
{
    /// <summary>Any, in a filter.</summary>
    Any = 1,

    /// <summary>Everything.</summary>
    All = 2,

    /// <summary>Reading.</summary>
    Read = 3,

    /// <summary>Writing.</summary>
    Write = 4,

    /// <summary>Making.</summary>
    Create = 5,

    /// <summary>Deleting.</summary>
    Delete = 6,

    /// <summary>Changing.</summary>
    Alter = 7,

    /// <summary>Looking at.</summary>
    Describe = 8,

    /// <summary>What brokers do.</summary>
    ClusterAction = 9,

    /// <summary>Looking at configurations.</summary>
    DescribeConfigs = 10,

    /// <summary>Changing configurations.</summary>
    AlterConfigs = 11,

    /// <summary>Numbered writes.</summary>
    IdempotentWrite = 12,

    /// <summary>Making tokens.</summary>
    CreateTokens = 13,

    /// <summary>Looking at tokens.</summary>
    DescribeTokens = 14,

    /// <summary>Transactions of two phases.</summary>
    TwoPhaseCommit = 15,
}

/// <summary>Whether an ACL allows or denies; the numbers are Kafka's.</summary>
public enum AclPermission : sbyte
{
    /// <summary>Any, in a filter.</summary>
    Any = 1,

    /// <summary>Denies, whatever others allow.</summary>
    Deny = 2,

    /// <summary>Allows.</summary>
    Allow = 3,
}

/// <summary>One ACL.</summary>
/// <param name="ResourceType">What it is about.</param>
/// <param name="ResourceName">Its name.</param>
/// <param name="Pattern">How the name is meant.</param>
/// <param name="Principal">Whom it is about, such as <c>User:ada</c>.</param>
/// <param name="Host">From where; <c>*</c> for anywhere.</param>
/// <param name="Operation">What it allows or denies.</param>
/// <param name="Permission">Which of both.</param>
public sealed record AclBinding(AclResourceType ResourceType, string ResourceName, AclPatternType Pattern, string Principal, string Host, AclOperation Operation, AclPermission Permission);

/// <summary>Which ACLs are meant; null and Any are every one.</summary>
/// <param name="ResourceType">What they are about.</param>
/// <param name="ResourceName">Its name.</param>
/// <param name="Pattern">How the name is meant.</param>
/// <param name="Principal">Whom they are about.</param>
/// <param name="Host">From where.</param>
/// <param name="Operation">What they allow or deny.</param>
/// <param name="Permission">Which of both.</param>
public sealed record AclFilter(
    AclResourceType ResourceType = AclResourceType.Any,
    string? ResourceName = null,
    AclPatternType Pattern = AclPatternType.Any,
    string? Principal = null,
    string? Host = null,
    AclOperation Operation = AclOperation.Any,
    AclPermission Permission = AclPermission.Any);

/// <summary>What came of one thing that was asked for.</summary>
/// <param name="Item">What it was about.</param>
/// <param name="Error">What went wrong, or <see cref="ErrorCode.None"/>.</param>
/// <param name="Message">The broker's own words, if any.</param>
public sealed record ItemResult<T>(T Item, ErrorCode Error, string? Message)
{
    /// <summary>Throws unless it went well.</summary>
    /// <exception cref="BrokerException">It did not.</exception>
    public void ThrowIfFailed() => BrokerException.ThrowIf(Error, $"{Item}", Message);
}

/// <summary>Whom a quota is for: user, client id or address, or several of these together. A null name is the default of its kind.</summary>
/// <param name="Parts">Names by kind: <c>user</c>, <c>client-id</c>, <c>ip</c>.</param>
public sealed record QuotaEntity(IReadOnlyDictionary<string, string?> Parts)
{
    /// <summary>Quotas of a user; null for the default of all.</summary>
    public static QuotaEntity User(string? name) => new(new Dictionary<string, string?> { ["user"] = name });

    /// <summary>Quotas of a client id; null for the default of all.</summary>
    public static QuotaEntity ClientId(string? name) => new(new Dictionary<string, string?> { ["client-id"] = name });

    /// <summary>Quotas of an address; null for the default of all.</summary>
    public static QuotaEntity Ip(string? name) => new(new Dictionary<string, string?> { ["ip"] = name });

    /// <inheritdoc/>
    public override string ToString() => string.Join(", ", Parts.Select(p => $"{p.Key} {p.Value ?? "(default)"}"));
}

/// <summary>One's quotas.</summary>
/// <param name="Entity">Whose.</param>
/// <param name="Values">By key: <c>producer_byte_rate</c> and <c>consumer_byte_rate</c> (bytes a second), <c>request_percentage</c>, <c>controller_mutation_rate</c>, <c>connection_creation_rate</c>.</param>
public sealed record QuotaEntry(QuotaEntity Entity, IReadOnlyDictionary<string, double> Values);

/// <summary>How SCRAM hashes; the numbers are Kafka's.</summary>
public enum ScramMechanism : sbyte
{
    /// <summary>SCRAM-SHA-256.</summary>
    Sha256 = 1,

    /// <summary>SCRAM-SHA-512.</summary>
    Sha512 = 2,
}

/// <summary>A user's credential, without the credential itself.</summary>
/// <param name="Mechanism">How it is hashed.</param>
/// <param name="Iterations">How often.</param>
public sealed record ScramCredential(ScramMechanism Mechanism, int Iterations);

/// <summary>A user's credentials.</summary>
/// <param name="User">Who.</param>
/// <param name="Credentials">What they have; empty where there is an error.</param>
/// <param name="Error">What went wrong, or <see cref="ErrorCode.None"/>.</param>
/// <param name="Message">The broker's own words, if any.</param>
public sealed record UserCredentials(string User, IReadOnlyList<ScramCredential> Credentials, ErrorCode Error, string? Message);

/// <summary>A feature of the cluster, such as <c>metadata.version</c> or <c>transaction.version</c>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Level">What the cluster has settled on; 0 where it is off.</param>
/// <param name="Lowest">The lowest level that the broker that was asked can do.</param>
/// <param name="Highest">The highest.</param>
public sealed record ClusterFeature(string Name, short Level, short Lowest, short Highest);

/// <summary>What may be done to a feature's level; the numbers are Kafka's.</summary>
public enum FeatureUpgrade : sbyte
{
    /// <summary>It may only rise.</summary>
    Upgrade = 1,

    /// <summary>It may fall where nothing is lost by it.</summary>
    SafeDowngrade = 2,

    /// <summary>It may fall.</summary>
    UnsafeDowngrade = 3,
}

/// <summary>A token by which a user can log in for a while.</summary>
/// <param name="Id">Its id.</param>
/// <param name="Hmac">What a login proves that it knows.</param>
/// <param name="Owner">Whose login it is, such as <c>User:ada</c>.</param>
/// <param name="Requester">Who asked for it.</param>
/// <param name="Renewers">Who may renew it besides.</param>
/// <param name="IssuedMs">When it was made, milliseconds since 1970.</param>
/// <param name="ExpiryMs">Until when it counts.</param>
/// <param name="MaxMs">Until when it can be renewed to count.</param>
public sealed record DelegationToken(string Id, ReadOnlyMemory<byte> Hmac, string Owner, string Requester, IReadOnlyList<string> Renewers, long IssuedMs, long ExpiryMs, long MaxMs);
