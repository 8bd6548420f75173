namespace Im.Local;

/// <summary>What a private server shows over TLS, as PEM files; read at each of its starts.</summary>
/// <param name="CertificatePath">Its certificate, and those between it and the root.</param>
/// <param name="KeyPath">The key, without a password.</param>
public sealed record ServerCertificate(string CertificatePath, string KeyPath);
