using AkkaStream.Client.Protocol;

namespace AkkaStream.Actors.Requests.Security;

/// <summary>
/// Logins, access rules and delegation tokens of a broker that has none of them: an answer that says so, as Kafka gives it on a listener without SASL and without an
/// authorizer. A client that was set up for a login learns that there is none here, where a closed connection would leave it guessing.
/// </summary>
public sealed class SecurityOffHandler : IRequestHandler
{
    private const string NoAuthorizer = "there are no access rules: this broker has no authorizer";

    /// <inheritdoc/>
    public void Handle(RequestSlot slot) => slot.Complete(slot.Request switch
    {
        SaslHandshakeRequest => new SaslHandshakeResponse { ErrorCode = ErrorCode.IllegalSaslState },
        SaslAuthenticateRequest => new SaslAuthenticateResponse { ErrorCode = ErrorCode.IllegalSaslState, ErrorMessage = "this listener asks for no login: set security.protocol to PLAINTEXT or SSL" },
        DescribeAclsRequest => new DescribeAclsResponse { ErrorCode = ErrorCode.SecurityDisabled, ErrorMessage = NoAuthorizer },
        CreateAclsRequest create => new CreateAclsResponse { Results = create.Creations.ConvertAll(static _ => new CreateAclsResponse.AclCreationResult { ErrorCode = ErrorCode.SecurityDisabled, ErrorMessage = NoAuthorizer }) },
        DeleteAclsRequest delete => new DeleteAclsResponse { FilterResults = delete.Filters.ConvertAll(static _ => new DeleteAclsResponse.DeleteAclsFilterResult { ErrorCode = ErrorCode.SecurityDisabled, ErrorMessage = NoAuthorizer }) },
        CreateDelegationTokenRequest => new CreateDelegationTokenResponse { ErrorCode = ErrorCode.DelegationTokenRequestNotAllowed },
        RenewDelegationTokenRequest => new RenewDelegationTokenResponse { ErrorCode = ErrorCode.DelegationTokenRequestNotAllowed },
        ExpireDelegationTokenRequest => new ExpireDelegationTokenResponse { ErrorCode = ErrorCode.DelegationTokenRequestNotAllowed },
        DescribeDelegationTokenRequest => new DescribeDelegationTokenResponse { ErrorCode = ErrorCode.DelegationTokenRequestNotAllowed },
        _ => throw new ArgumentException($"{slot.Header.Key} is not handled here", nameof(slot)),
    });
}
