using System.Security.Cryptography.X509Certificates;
using Akka.Actor.Setup;

namespace Akka.Remote.Transport.DotNetty;

/// <summary>Gives a system the certificate that it shows to peers, in the place of <c>akka.remote.dot-netty.tcp.ssl.certificate</c>.</summary>
public sealed class DotNettySslSetup(X509Certificate2 certificate, bool suppressValidation) : Setup
{
    /// <summary>The certificate, with its private key.</summary>
    public X509Certificate2 Certificate { get; } = certificate;

    /// <summary>Whether any certificate of a peer is good; it must show one all the same.</summary>
    public bool SuppressValidation { get; } = suppressValidation;
}
