using System.Security.Cryptography;
using System.Text;
using AkkaStream.Client.Cluster;
using AkkaStream.Client.Protocol;

namespace AkkaStream.Client.Admin;

/// <content>Who may do what, who logs in how, and how much of it. Brokers of AkkaStream refuse these as a Kafka without authorizer and logins does.</content>
public sealed partial class AdminClient
{
    private const int SaltBytes = 24;

    /// <summary>The ACLs that a filter means.</summary>
    /// <exception cref="BrokerException">The request was refused: SECURITY_DISABLED where there is no authorizer.</exception>
    public async ValueTask<IReadOnlyList<AclBinding>> DescribeAclsAsync(AclFilter? filter = null, CancellationToken cancellation = default)
    {
        filter ??= new AclFilter();
        var request = new DescribeAclsRequest
        {
            ResourceTypeFilter = (sbyte)filter.ResourceType,
            ResourceNameFilter = filter.ResourceName,
            PatternTypeFilter = (sbyte)filter.Pattern,
            PrincipalFilter = filter.Principal,
            HostFilter = filter.Host,
            Operation = (sbyte)filter.Operation,
            PermissionType = (sbyte)filter.Permission,
        };
        var answer = await cluster.SendAsync<DescribeAclsResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, "the ACLs", answer.ErrorMessage);
        return answer.Resources.SelectMany(r => r.Acls.Select(a => Binding(r.ResourceType, r.ResourceName, r.PatternType, a.Principal, a.Host, a.Operation, a.PermissionType))).ToList();
    }

    /// <summary>Adds ACLs.</summary>
    /// <returns>What came of each, in their order.</returns>
    public async ValueTask<IReadOnlyList<ItemResult<AclBinding>>> CreateAclsAsync(IReadOnlyList<AclBinding> acls, CancellationToken cancellation = default)
    {
        var request = new CreateAclsRequest
        {
            Creations = [.. acls.Select(a => new CreateAclsRequest.AclCreation { ResourceType = (sbyte)a.ResourceType, ResourceName = a.ResourceName, ResourcePatternType = (sbyte)a.Pattern, Principal = a.Principal, Host = a.Host, Operation = (sbyte)a.Operation, PermissionType = (sbyte)a.Permission })],
        };
        var answer = await cluster.SendAsync<CreateAclsResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        return acls.Zip(answer.Results, (acl, r) => new ItemResult<AclBinding>(acl, r.ErrorCode, r.ErrorMessage)).ToList();
    }

    /// <summary>Deletes the ACLs that filters mean.</summary>
    /// <returns>Each ACL that matched, and what came of it.</returns>
    /// <exception cref="BrokerException">A filter was refused.</exception>
    public async ValueTask<IReadOnlyList<ItemResult<AclBinding>>> DeleteAclsAsync(IReadOnlyList<AclFilter> filters, CancellationToken cancellation = default)
    {
        var request = new DeleteAclsRequest
        {
            Filters = [.. filters.Select(f => new DeleteAclsRequest.DeleteAclsFilter { ResourceTypeFilter = (sbyte)f.ResourceType, ResourceNameFilter = f.ResourceName, PatternTypeFilter = (sbyte)f.Pattern, PrincipalFilter = f.Principal, HostFilter = f.Host, Operation = (sbyte)f.Operation, PermissionType = (sbyte)f.Permission })],
        };
        var answer = await cluster.SendAsync<DeleteAclsResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        foreach (var result in answer.FilterResults) BrokerException.ThrowIf(result.ErrorCode, "deleting ACLs", result.ErrorMessage);
        return answer.FilterResults.SelectMany(f => f.MatchingAcls.Select(a => new ItemResult<AclBinding>(Binding(a.ResourceType, a.ResourceName, a.PatternType, a.Principal, a.Host, a.Operation, a.PermissionType), a.ErrorCode, a.ErrorMessage))).ToList();
    }

    /// <summary>The quotas of everybody who has some.</summary>
    /// <exception cref="BrokerException">The request was refused.</exception>
    public async ValueTask<IReadOnlyList<QuotaEntry>> DescribeClientQuotasAsync(CancellationToken cancellation = default)
    {
        var answer = await cluster.SendAsync<DescribeClientQuotasResponse>(new DescribeClientQuotasRequest(), cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, "the quotas", answer.ErrorMessage);
        return (answer.Entries ?? []).ConvertAll(e => new QuotaEntry(new QuotaEntity(e.Entity.ToDictionary(p => p.EntityType, p => p.EntityName)), e.Values.ToDictionary(v => v.Key, v => v.Value)));
    }

    /// <summary>Sets and removes quotas.</summary>
    /// <param name="changes">Whose, and by key the new value, or null to remove it.</param>
    /// <param name="validateOnly">Only says what would happen.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <returns>What came of each, in their order.</returns>
    public async ValueTask<IReadOnlyList<ItemResult<QuotaEntity>>> AlterClientQuotasAsync(IReadOnlyList<(QuotaEntity Entity, IReadOnlyDictionary<string, double?> Values)> changes, bool validateOnly = false, CancellationToken cancellation = default)
    {
        var request = new AlterClientQuotasRequest
        {
            ValidateOnly = validateOnly,
            Entries = [.. changes.Select(c => new AlterClientQuotasRequest.EntryData
            {
                Entity = [.. c.Entity.Parts.Select(p => new AlterClientQuotasRequest.EntityData { EntityType = p.Key, EntityName = p.Value })],
                Ops = [.. c.Values.Select(v => new AlterClientQuotasRequest.OpData { Key = v.Key, Value = v.Value ?? 0, Remove = v.Value is null })],
            })],
        };
        var answer = await cluster.SendAsync<AlterClientQuotasResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        return answer.Entries.ConvertAll(e => new ItemResult<QuotaEntity>(new QuotaEntity(e.Entity.ToDictionary(p => p.EntityType, p => p.EntityName)), e.ErrorCode, e.ErrorMessage));
    }

    /// <summary>Who logs in by SCRAM.</summary>
    /// <param name="users">Who; null for everybody.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="BrokerException">The request was refused.</exception>
    public async ValueTask<IReadOnlyList<UserCredentials>> DescribeUserScramCredentialsAsync(IReadOnlyCollection<string>? users = null, CancellationToken cancellation = default)
    {
        var request = new DescribeUserScramCredentialsRequest { Users = users?.Select(u => new DescribeUserScramCredentialsRequest.UserName { Name = u }).ToList() };
        var answer = await cluster.SendAsync<DescribeUserScramCredentialsResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, "the credentials", answer.ErrorMessage);
        return answer.Results.ConvertAll(r => new UserCredentials(r.User, r.CredentialInfos.ConvertAll(c => new ScramCredential((ScramMechanism)c.Mechanism, c.Iterations)), r.ErrorCode, r.ErrorMessage));
    }

    /// <summary>Gives a user a password, or another one. It is salted and hashed here: the password itself is sent to nobody.</summary>
    /// <param name="user">Who.</param>
    /// <param name="password">The password.</param>
    /// <param name="mechanism">How it is hashed.</param>
    /// <param name="iterations">How often: 4,096 to 16,384.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="BrokerException">It was refused.</exception>
    public async ValueTask SetScramPasswordAsync(string user, string password, ScramMechanism mechanism = ScramMechanism.Sha512, int iterations = 4096, CancellationToken cancellation = default)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltBytes);
        var (hash, size) = mechanism == ScramMechanism.Sha256 ? (HashAlgorithmName.SHA256, 32) : (HashAlgorithmName.SHA512, 64);
        var salted = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), salt, iterations, hash, size);
        var request = new AlterUserScramCredentialsRequest { Upsertions = [new() { Name = user, Mechanism = (sbyte)mechanism, Iterations = iterations, Salt = salt, SaltedPassword = salted }] };
        await AlterScram(request, cancellation).ConfigureAwait(false);
    }

    /// <summary>Takes a user's credential away.</summary>
    /// <exception cref="BrokerException">It was refused: there is none.</exception>
    public ValueTask DeleteScramCredentialAsync(string user, ScramMechanism mechanism, CancellationToken cancellation = default)
        => AlterScram(new AlterUserScramCredentialsRequest { Deletions = [new() { Name = user, Mechanism = (sbyte)mechanism }] }, cancellation);

    /// <summary>Makes a token by which a user can log in.</summary>
    /// <param name="lifetime">How long it can be renewed to count; null for the broker's longest.</param>
    /// <param name="renewers">Who may renew it besides its owner, such as <c>User:bob</c>.</param>
    /// <param name="owner">Whose login it is, such as <c>User:ada</c>; null for one's own.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="BrokerException">It was refused.</exception>
    public async ValueTask<DelegationToken> CreateDelegationTokenAsync(TimeSpan? lifetime = null, IReadOnlyCollection<string>? renewers = null, string? owner = null, CancellationToken cancellation = default)
    {
        var (ownerType, ownerName) = owner is null ? (null, null) : Principal(owner);
        var request = new CreateDelegationTokenRequest
        {
            MaxLifetimeMs = lifetime is { } life ? (long)life.TotalMilliseconds : -1,
            OwnerPrincipalType = ownerType,
            OwnerPrincipalName = ownerName,
            Renewers = [.. (renewers ?? []).Select(Principal).Select(p => new CreateDelegationTokenRequest.CreatableRenewers { PrincipalType = p.Type!, PrincipalName = p.Name! })],
        };
        var made = await cluster.SendAsync<CreateDelegationTokenResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(made.ErrorCode, "a delegation token");
        return new DelegationToken(made.TokenId, made.Hmac.ToArray(), $"{made.PrincipalType}:{made.PrincipalName}", $"{made.TokenRequesterPrincipalType}:{made.TokenRequesterPrincipalName}", [.. renewers ?? []], made.IssueTimestampMs, made.ExpiryTimestampMs, made.MaxTimestampMs);
    }

    /// <summary>The tokens that one may see.</summary>
    /// <param name="owners">Whose, such as <c>User:ada</c>; everybody's where null.</param>
    /// <param name="cancellation">Gives up waiting.</param>
    /// <exception cref="BrokerException">It was refused.</exception>
    public async ValueTask<IReadOnlyList<DelegationToken>> DescribeDelegationTokensAsync(IReadOnlyCollection<string>? owners = null, CancellationToken cancellation = default)
    {
        var request = new DescribeDelegationTokenRequest
        {
            Owners = owners?.Select(Principal).Select(p => new DescribeDelegationTokenRequest.DescribeDelegationTokenOwner { PrincipalType = p.Type!, PrincipalName = p.Name! }).ToList(),
        };
        var answer = await cluster.SendAsync<DescribeDelegationTokenResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, "the delegation tokens");
        return answer.Tokens.ConvertAll(t => new DelegationToken(
            t.TokenId, t.Hmac.ToArray(), $"{t.PrincipalType}:{t.PrincipalName}", $"{t.TokenRequesterPrincipalType}:{t.TokenRequesterPrincipalName}",
            t.Renewers.ConvertAll(r => $"{r.PrincipalType}:{r.PrincipalName}"), t.IssueTimestamp, t.ExpiryTimestamp, t.MaxTimestamp));
    }

    /// <summary>Lets a token count for longer; gives until when, in milliseconds since 1970.</summary>
    /// <exception cref="BrokerException">It was refused.</exception>
    public async ValueTask<long> RenewDelegationTokenAsync(ReadOnlyMemory<byte> hmac, TimeSpan period, CancellationToken cancellation = default)
    {
        var answer = await cluster.SendAsync<RenewDelegationTokenResponse>(new RenewDelegationTokenRequest { Hmac = hmac, RenewPeriodMs = (long)period.TotalMilliseconds }, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, "a delegation token");
        return answer.ExpiryTimestampMs;
    }

    /// <summary>Lets a token end; null at once. Gives when, in milliseconds since 1970.</summary>
    /// <exception cref="BrokerException">It was refused.</exception>
    public async ValueTask<long> ExpireDelegationTokenAsync(ReadOnlyMemory<byte> hmac, TimeSpan? within = null, CancellationToken cancellation = default)
    {
        var request = new ExpireDelegationTokenRequest { Hmac = hmac, ExpiryTimePeriodMs = within is { } time ? (long)time.TotalMilliseconds : -1 };
        var answer = await cluster.SendAsync<ExpireDelegationTokenResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        BrokerException.ThrowIf(answer.ErrorCode, "a delegation token");
        return answer.ExpiryTimestampMs;
    }

    private async ValueTask AlterScram(AlterUserScramCredentialsRequest request, CancellationToken cancellation)
    {
        var answer = await cluster.SendAsync<AlterUserScramCredentialsResponse>(request, cancellation: cancellation).ConfigureAwait(false);
        foreach (var result in answer.Results) BrokerException.ThrowIf(result.ErrorCode, $"user {result.User}", result.ErrorMessage);
    }

    private static AclBinding Binding(sbyte type, string name, sbyte pattern, string principal, string host, sbyte operation, sbyte permission)
        => new((AclResourceType)type, name, (AclPatternType)pattern, principal, host, (AclOperation)operation, (AclPermission)permission);

    private static (string? Type, string? Name) Principal(string text)
    {
        var colon = text.IndexOf(':');
        return colon > 0 ? (text[..colon], text[(colon + 1)..]) : throw new FormatException($"'{text}' is no principal: expected a type and a name, for example User:ada");
    }
}
