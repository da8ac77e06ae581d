using System.Security.Cryptography;
using System.Text;
using AkkaStream.Client.Admin;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;
using AkkaStream.Client.Transport;

namespace AkkaStream.Tests.Client.Admin;

/// <summary>Admin calls that brokers of AkkaStream refuse: what is asked, and what is made of answers as Kafka gives them. Each answer goes through the codec.</summary>
public sealed class AdminSecurityTests
{
    private static readonly AclBinding Acl = new(AclResourceType.Topic, "t", AclPatternType.Prefixed, "User:ada", "*", AclOperation.Read, AclPermission.Allow);
    private readonly ScriptedTransport broker = new();

    private AdminClient Admin => new(new ClusterClient(broker));

    [Fact]
    public async Task Acls()
    {
        broker.Answers(request => request switch
        {
            CreateAclsRequest => new CreateAclsResponse { Results = [new() { ErrorCode = ErrorCode.None }, new() { ErrorCode = ErrorCode.InvalidRequest, ErrorMessage = "no" }] },
            DescribeAclsRequest => new DescribeAclsResponse { Resources = [new() { ResourceType = 2, ResourceName = "t", PatternType = 4, Acls = [new() { Principal = "User:ada", Host = "*", Operation = 3, PermissionType = 3 }] }] },
            _ => new DeleteAclsResponse { FilterResults = [new() { MatchingAcls = [new() { ResourceType = 2, ResourceName = "t", PatternType = 4, Principal = "User:ada", Host = "*", Operation = 3, PermissionType = 3 }] }] },
        });
        var made = await Admin.CreateAclsAsync([Acl, Acl with { Host = "" }]);
        Assert.Equal([ErrorCode.None, ErrorCode.InvalidRequest], made.Select(m => m.Error));
        Assert.Throws<BrokerException>(made[1].ThrowIfFailed);
        var asked = broker.Last<CreateAclsRequest>().Creations[0];
        Assert.Equal((2, "t", 4, "User:ada", "*", 3, 3), (asked.ResourceType, asked.ResourceName, asked.ResourcePatternType, asked.Principal, asked.Host, asked.Operation, asked.PermissionType));
        Assert.Equal(Acl, Assert.Single(await Admin.DescribeAclsAsync(new AclFilter(AclResourceType.Topic))));
        Assert.Equal((2, null, 1, null), (broker.Last<DescribeAclsRequest>().ResourceTypeFilter, broker.Last<DescribeAclsRequest>().ResourceNameFilter, broker.Last<DescribeAclsRequest>().PatternTypeFilter, broker.Last<DescribeAclsRequest>().PrincipalFilter));
        Assert.Equal(Acl, Assert.Single(await Admin.DeleteAclsAsync([new AclFilter(ResourceName: "t")])).Item);
        broker.Answers(_ => new DescribeAclsResponse { ErrorCode = ErrorCode.SecurityDisabled, ErrorMessage = "No Authorizer is configured" });
        Assert.Equal(ErrorCode.SecurityDisabled, (await Assert.ThrowsAsync<BrokerException>(async () => await Admin.DescribeAclsAsync())).Code);
    }

    [Fact]
    public async Task Quotas()
    {
        broker.Answers(request => request switch
        {
            DescribeClientQuotasRequest => new DescribeClientQuotasResponse { Entries = [new() { Entity = [new() { EntityType = "user", EntityName = null }], Values = [new() { Key = "producer_byte_rate", Value = 1024.5 }] }] },
            _ => new AlterClientQuotasResponse { Entries = [new() { Entity = [new() { EntityType = "client-id", EntityName = "app" }] }] },
        });
        var entry = Assert.Single(await Admin.DescribeClientQuotasAsync());
        Assert.Equal(("user (default)", 1024.5), (entry.Entity.ToString(), entry.Values["producer_byte_rate"]));
        var result = Assert.Single(await Admin.AlterClientQuotasAsync([(QuotaEntity.ClientId("app"), new Dictionary<string, double?> { ["consumer_byte_rate"] = 5, ["request_percentage"] = null })]));
        Assert.Equal(("client-id app", ErrorCode.None), (result.Item.ToString(), result.Error));
        Assert.Equal([("consumer_byte_rate", 5.0, false), ("request_percentage", 0.0, true)], broker.Last<AlterClientQuotasRequest>().Entries[0].Ops.Select(o => (o.Key, o.Value, o.Remove)));
    }

    [Fact]
    public async Task Passwords_are_hashed_here()
    {
        broker.Answers(request => request switch
        {
            DescribeUserScramCredentialsRequest => new DescribeUserScramCredentialsResponse { Results = [new() { User = "ada", CredentialInfos = [new() { Mechanism = 2, Iterations = 8192 }] }, new() { User = "bob", ErrorCode = ErrorCode.ResourceNotFound }] },
            _ => new AlterUserScramCredentialsResponse { Results = [new() { User = "ada" }] },
        });
        await Admin.SetScramPasswordAsync("ada", "secret", ScramMechanism.Sha256, 4097);
        var sent = broker.Last<AlterUserScramCredentialsRequest>().Upsertions[0];
        Assert.Equal(("ada", 1, 4097, 24), (sent.Name, sent.Mechanism, sent.Iterations, sent.Salt.Length));
        Assert.Equal(Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes("secret"), sent.Salt.Span, 4097, HashAlgorithmName.SHA256, 32), sent.SaltedPassword.ToArray());
        var users = await Admin.DescribeUserScramCredentialsAsync(["ada", "bob"]);
        Assert.Equal([new ScramCredential(ScramMechanism.Sha512, 8192)], users[0].Credentials);
        Assert.Equal(ErrorCode.ResourceNotFound, users[1].Error);
        await Admin.DeleteScramCredentialAsync("ada", ScramMechanism.Sha512);
        Assert.Equal(("ada", 2), broker.Last<AlterUserScramCredentialsRequest>().Deletions.Select(d => (d.Name, (int)d.Mechanism)).Single());
    }

    [Fact]
    public async Task Tokens()
    {
        broker.Answers(request => request switch
        {
            CreateDelegationTokenRequest => new CreateDelegationTokenResponse { PrincipalType = "User", PrincipalName = "ada", TokenRequesterPrincipalType = "User", TokenRequesterPrincipalName = "root", TokenId = "id", Hmac = new byte[] { 1, 2 }, IssueTimestampMs = 1, ExpiryTimestampMs = 2, MaxTimestampMs = 3 },
            DescribeDelegationTokenRequest => new DescribeDelegationTokenResponse
            {
                Tokens = [new() { PrincipalType = "User", PrincipalName = "ada", TokenRequesterPrincipalType = "User", TokenRequesterPrincipalName = "root", IssueTimestamp = 1, ExpiryTimestamp = 2, MaxTimestamp = 3, TokenId = "id", Hmac = new byte[] { 1, 2 }, Renewers = [new() { PrincipalType = "User", PrincipalName = "bob" }] }],
            },
            RenewDelegationTokenRequest => new RenewDelegationTokenResponse { ExpiryTimestampMs = 9 },
            _ => new ExpireDelegationTokenResponse { ExpiryTimestampMs = 1 },
        });
        var token = await Admin.CreateDelegationTokenAsync(TimeSpan.FromHours(1), ["User:bob"], "User:ada");
        Assert.Equal(("id", "User:ada", "User:root", 3L), (token.Id, token.Owner, token.Requester, token.MaxMs));
        var asked = broker.Last<CreateDelegationTokenRequest>();
        Assert.Equal((3_600_000L, "User", "ada", "bob"), (asked.MaxLifetimeMs, asked.OwnerPrincipalType, asked.OwnerPrincipalName, asked.Renewers[0].PrincipalName));
        var seen = Assert.Single(await Admin.DescribeDelegationTokensAsync(["User:ada"]));
        Assert.Equal(token with { Hmac = seen.Hmac, Renewers = seen.Renewers }, seen);
        Assert.Equal(["User:bob"], seen.Renewers);
        Assert.Equal(token.Hmac.ToArray(), seen.Hmac.ToArray());
        Assert.Equal("ada", broker.Last<DescribeDelegationTokenRequest>().Owners![0].PrincipalName);
        await Admin.DescribeDelegationTokensAsync();
        Assert.Null(broker.Last<DescribeDelegationTokenRequest>().Owners);
        Assert.Equal(9, await Admin.RenewDelegationTokenAsync(token.Hmac, TimeSpan.FromMinutes(1)));
        Assert.Equal(1, await Admin.ExpireDelegationTokenAsync(token.Hmac));
        Assert.Equal(-1, broker.Last<ExpireDelegationTokenRequest>().ExpiryTimePeriodMs);
        await Assert.ThrowsAsync<FormatException>(async () => await Admin.CreateDelegationTokenAsync(owner: "ada"));
    }

    [Fact]
    public async Task Features_and_configurations()
    {
        broker.Answers(request => request switch
        {
            ApiVersionsRequest => new ApiVersionsResponse { SupportedFeatures = [new() { Name = "transaction.version", MinVersion = 0, MaxVersion = 2 }], FinalizedFeatures = [new() { Name = "transaction.version", MaxVersionLevel = 2, MinVersionLevel = 2 }] },
            UpdateFeaturesRequest => new UpdateFeaturesResponse { ErrorCode = ErrorCode.InvalidUpdateVersion, ErrorMessage = "not so" },
            _ => new ListConfigResourcesResponse { ConfigResources = [new() { ResourceType = 32, ResourceName = "g" }] },
        });
        Assert.Equal(new ClusterFeature("transaction.version", 2, 0, 2), Assert.Single(await Admin.DescribeFeaturesAsync()));
        var refused = await Assert.ThrowsAsync<BrokerException>(async () => await Admin.UpdateFeaturesAsync(new Dictionary<string, short> { ["transaction.version"] = 9 }, FeatureUpgrade.SafeDowngrade));
        Assert.Contains("not so", refused.Message);
        Assert.Equal(("transaction.version", 9, 2), broker.Last<UpdateFeaturesRequest>().FeatureUpdates.Select(f => (f.Feature, (int)f.MaxVersionLevel, (int)f.UpgradeType)).Single());
        Assert.Equal(new ConfigResource(ConfigResourceType.Group, "g"), Assert.Single(await Admin.ListConfigResourcesAsync([ConfigResourceType.Group])));
    }

    /// <summary>A broker that answers as it is told. Requests and answers are written and read in the newest version, as over a wire.</summary>
    private sealed class ScriptedTransport : IBrokerTransport, IBrokerConnection
    {
        private readonly List<IApiMessage> asked = [];
        private Func<IApiMessage, IApiMessage> answers = _ => throw new InvalidOperationException("no answer is scripted");

        public IReadOnlyList<BrokerAddress> Bootstrap => [Address];

        public BrokerAddress Address => new("scripted", 1);

        public bool IsOpen => true;

        public short TransactionVersion => 2;

        public void Answers(Func<IApiMessage, IApiMessage> script) => answers = script;

        public T Last<T>() => asked.OfType<T>().Last();

        public short VersionOf(ApiKey api) => ApiMessages.Versions(api).HighestStable;

        public ValueTask<IBrokerConnection> ConnectAsync(BrokerAddress address, CancellationToken cancellation = default) => new(this);

        public ValueTask<BrokerAnswer> SendAsync(IApiMessage request, TimeSpan timeout, short highest = short.MaxValue, CancellationToken cancellation = default)
        {
            var version = Math.Min(VersionOf(request.ApiKey), highest);
            asked.Add(Copy(request, ApiMessages.CreateRequest(request.ApiKey)!, version));
            return new(new BrokerAnswer(Copy(answers(request), ApiMessages.CreateResponse(request.ApiKey)!, version), version, null));
        }

        public ValueTask SendOneWayAsync(IApiMessage request, CancellationToken cancellation = default) => default;

        public ValueTask DisposeAsync() => default;

        private static IApiMessage Copy(IApiMessage message, IApiMessage into, short version)
        {
            using var writer = new MessageWriter(256);
            message.Write(writer, version);
            var reader = new MessageReader(writer.ToArray());
            into.Read(ref reader, version);
            return into;
        }
    }
}
