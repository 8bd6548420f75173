using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Im.Hosting.Tls;

/// <summary>Roots of one's own, in a PEM file.</summary>
internal static class TrustedRoots
{
    /// <summary>One certificate or more; whoever asks disposes them.</summary>
    /// <exception cref="SettingException">There is no such file, or no certificate in it.</exception>
    public static X509Certificate2Collection Read(string setting, string path)
    {
        var roots = new X509Certificate2Collection();
        try
        {
            roots.ImportFromPemFile(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new SettingException($"{setting} cannot be read: {fault.Message}");
        }

        return roots.Count > 0 ? roots : throw new SettingException($"{setting} is a PEM file with one root certificate or more; there is none in {path}");
    }
}
