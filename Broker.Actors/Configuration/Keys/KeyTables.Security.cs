namespace AkkaStream.Actors.Configuration.Keys;

internal static partial class KeyTables
{
    /// <summary>Broker keys: TLS, logins, users and their rights.</summary>
    internal static ReadOnlySpan<byte> Security =>
        """
        allow.everyone.if.no.acl.found | bool | false |  | HR | Whether everyone may use what no rule names.
        authorizer.class.name | string | '' | nonnull | LR | Class that decides who may do what; the standard authorizer is the one that will be built in.
        connection.failed.authentication.delay.ms | int | 100 | 0.. | LR | How long, in ms, a connection is kept open after a failed login, so that guessing is slow.
        connections.max.reauth.ms | long | 0 |  | MR | Greatest age, in ms, of a login before the client has to repeat it; 0 means never.
        delegation.token.expiry.check.interval.ms | long | 3600000 | 1.. | LR | How often, in ms, expired delegation tokens are removed.
        delegation.token.expiry.time.ms | long | 86400000 | 1.. | MR | How long, in ms, a delegation token is good unless it is renewed.
        delegation.token.max.lifetime.ms | long | 604800000 | 1.. | MR | Age, in ms, beyond which a delegation token cannot be renewed.
        delegation.token.secret.key | password | - |  | MR | Secret with which delegation tokens are made and checked.
        principal.builder.class | class | org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder |  | MB | Class that names the user of a connection; Java classes cannot be loaded here.
        sasl.client.callback.handler.class | class | - |  | MR | Java class for the client side of a login.
        sasl.enabled.mechanisms | list | GSSAPI | list | MB | SASL mechanisms that clients may log in with.
        sasl.jaas.config | password | - |  | MB | Java login settings; users and passwords of PLAIN stand here.
        sasl.kerberos.kinit.cmd | string | /usr/bin/kinit |  | MB | Path of kinit.
        sasl.kerberos.min.time.before.relogin | long | 60000 |  | MB | Least time, in ms, between two Kerberos logins.
        sasl.kerberos.principal.to.local.rules | list | DEFAULT | list | MB | Rules that turn Kerberos names into user names.
        sasl.kerberos.service.name | string | - |  | MB | Kerberos name of the service.
        sasl.kerberos.ticket.renew.jitter | double | 0.05 |  | MB | Random share by which the renewal of a Kerberos ticket varies.
        sasl.kerberos.ticket.renew.window.factor | double | 0.8 |  | MB | Share of a Kerberos ticket's life after which it is renewed.
        sasl.login.callback.handler.class | class | - |  | MR | Java class that supplies the broker's own credentials.
        sasl.login.class | class | - |  | MR | Java class that logs the broker in.
        sasl.login.connect.timeout.ms | int | - |  | LR | How long, in ms, a connection to a token provider may take.
        sasl.login.read.timeout.ms | int | - |  | LR | How long, in ms, an answer of a token provider may take.
        sasl.login.refresh.buffer.seconds | short | 300 |  | MB | Seconds before its end by which a token is renewed.
        sasl.login.refresh.min.period.seconds | short | 60 |  | MB | Least seconds between two renewals of a token.
        sasl.login.refresh.window.factor | double | 0.8 |  | MB | Share of a token's life after which it is renewed.
        sasl.login.refresh.window.jitter | double | 0.05 |  | MB | Random share by which the renewal of a token varies.
        sasl.login.retry.backoff.max.ms | long | 10000 |  | LR | Longest pause, in ms, between attempts at a token provider.
        sasl.login.retry.backoff.ms | long | 100 |  | LR | First pause, in ms, between attempts at a token provider.
        sasl.mechanism.controller.protocol | string | GSSAPI |  | HR | SASL mechanism between controllers.
        sasl.mechanism.inter.broker.protocol | string | GSSAPI |  | MB | SASL mechanism between brokers.
        sasl.oauthbearer.assertion.algorithm | string | RS256 | anycase ES256, RS256 | MR | Algorithm that signs the broker's token requests.
        sasl.oauthbearer.assertion.claim.aud | string | - |  | MR | Audience that the broker's token requests name.
        sasl.oauthbearer.assertion.claim.exp.seconds | int | 300 | 0..86400 | LR | Seconds for which a token request is good.
        sasl.oauthbearer.assertion.claim.iss | string | - |  | MR | Issuer that the broker's token requests name.
        sasl.oauthbearer.assertion.claim.jti.include | bool | false |  | MR | Whether each token request gets an id.
        sasl.oauthbearer.assertion.claim.nbf.seconds | int | 60 | 0..3600 | LR | Seconds before now from which a token request is good.
        sasl.oauthbearer.assertion.claim.sub | string | - |  | MR | Subject that the broker's token requests name.
        sasl.oauthbearer.assertion.file | string | - |  | MR | File that holds a ready-made token request.
        sasl.oauthbearer.assertion.private.key.file | string | - |  | MR | File of the key that signs token requests.
        sasl.oauthbearer.assertion.private.key.passphrase | password | - |  | MR | Passphrase of that file.
        sasl.oauthbearer.assertion.template.file | string | - |  | MR | File with header and claims that token requests start from.
        sasl.oauthbearer.client.credentials.client.id | string | - |  | MR | Client id with which the broker asks for a token.
        sasl.oauthbearer.client.credentials.client.secret | password | - |  | MR | Secret with which the broker asks for a token.
        sasl.oauthbearer.clock.skew.seconds | int | 30 |  | LR | Seconds by which clocks may differ when a token is checked.
        sasl.oauthbearer.expected.audience | list | '' | list | LR | Audiences one of which a token must name.
        sasl.oauthbearer.expected.issuer | string | - |  | LR | Issuer that a token must name.
        sasl.oauthbearer.jwks.endpoint.refresh.ms | long | 3600000 |  | LR | How often, in ms, the keys of the token provider are fetched.
        sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms | long | 10000 |  | LR | Longest pause, in ms, between attempts to fetch these keys.
        sasl.oauthbearer.jwks.endpoint.retry.backoff.ms | long | 100 |  | LR | First pause, in ms, between attempts to fetch these keys.
        sasl.oauthbearer.jwks.endpoint.url | string | - |  | MR | Where the keys of the token provider are fetched.
        sasl.oauthbearer.jwt.retriever.class | class | org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever |  | MR | Java class that gets tokens.
        sasl.oauthbearer.jwt.validator.class | class | org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator |  | MR | Java class that checks tokens.
        sasl.oauthbearer.scope | string | - |  | MR | Scope that the broker's token requests name.
        sasl.oauthbearer.scope.claim.name | string | scope |  | LR | Claim of a token that holds its scope.
        sasl.oauthbearer.sub.claim.name | string | sub |  | LR | Claim of a token that holds the user.
        sasl.oauthbearer.token.endpoint.url | string | - |  | MR | Where tokens are asked for.
        sasl.server.callback.handler.class | class | - |  | MR | Java class that checks the credentials of a login.
        sasl.server.max.receive.size | int | 524288 |  | MR | Largest message, in bytes, of a login.
        security.inter.broker.protocol | string | PLAINTEXT | in PLAINTEXT, SSL, SASL_PLAINTEXT, SASL_SSL | MR | Security protocol between brokers, where inter.broker.listener.name is not set.
        security.providers | string | - |  | LR | Java security providers.
        ssl.allow.dn.changes | bool | false |  | LR | Whether a new certificate may name another owner.
        ssl.allow.san.changes | bool | false |  | LR | Whether a new certificate may name other hosts.
        ssl.cipher.suites | list | '' | list | MB | TLS cipher suites that are allowed; empty means the system's choice.
        ssl.client.auth | string | none | in required, requested, none | MB+ | Whether clients must, may or need not show a certificate.
        ssl.enabled.protocols | list | TLSv1.2,TLSv1.3 | list | MB+ | TLS versions that are allowed.
        ssl.endpoint.identification.algorithm | string | https |  | LB | How host names are checked when the broker connects; empty means not at all.
        ssl.engine.factory.class | class | - |  | LB | Java class that makes TLS engines.
        ssl.key.password | password | - |  | MB+ | Password of the private key.
        ssl.keymanager.algorithm | string | SunX509 |  | MB | Java name of the key manager.
        ssl.keystore.certificate.chain | password | - |  | MB+ | Certificate chain as PEM text.
        ssl.keystore.key | password | - |  | MB+ | Private key as PEM text.
        ssl.keystore.location | string | - |  | MB+ | File with certificate and private key.
        ssl.keystore.password | password | - |  | MB+ | Password of that file.
        ssl.keystore.type | string | JKS |  | MB+ | Form of that file: PEM or PKCS12; JKS cannot be read.
        ssl.principal.mapping.rules | string | DEFAULT |  | LR | Rules that turn certificate names into user names.
        ssl.protocol | string | TLSv1.3 |  | MB | TLS version that Java starts from; see ssl.enabled.protocols.
        ssl.provider | string | - |  | MB | Java security provider for TLS.
        ssl.secure.random.implementation | string | - |  | LB | Java random generator for TLS.
        ssl.trustmanager.algorithm | string | PKIX |  | MB | Java name of the trust manager.
        ssl.truststore.certificates | password | - |  | MB+ | Trusted certificates as PEM text.
        ssl.truststore.location | string | - |  | MB+ | File with trusted certificates.
        ssl.truststore.password | password | - |  | MB+ | Password of that file.
        ssl.truststore.type | string | JKS |  | MB+ | Form of that file: PEM or PKCS12; JKS cannot be read.
        super.users | string | '' |  | HR | Users for whom no rule is asked, separated by semicolons.
        """u8;
}
