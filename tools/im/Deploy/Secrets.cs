using System.Globalization;
using Im.Local;

namespace Im.Tool.Deploy;

/// <summary>'im secrets': what docker-compose.yml needs and the repository must not hold. Twice is as good as once.</summary>
internal static class Secrets
{
    private static readonly Uri Usual = new("https://localhost");

    /// <param name="given">The address that clients will use; null for the one that is known, or localhost.</param>
    /// <param name="directory">Where docker-compose.yml lies.</param>
    public static int Run(Uri? given, string directory)
    {
        var path = Path.Combine(directory, ".env");
        var present = File.Exists(path) ? File.ReadAllText(path) : "";
        var url = given ?? Usual;
        if (EnvironmentFile.ValueOf(present, EnvironmentFile.PublicUrl) is { } known)
        {
            if (!Uri.TryCreate(known, UriKind.Absolute, out var kept) || (given is not null && given != kept))
                throw new LocalStartException($"{path} has {EnvironmentFile.PublicUrl}={known} already; change it there");
            url = kept;
        }

        var complete = EnvironmentFile.Complete(present, url, SecretFile.Generate);
        if (complete != present) SecretFile.Write(path, complete);
        var pair = EdgeCertificate.ReadOrCreate(Path.Combine(directory, ".secrets"), url.DnsSafeHost);
        using var certificate = pair.Load();
        var issuer = certificate.Subject == certificate.Issuer ? "it signs itself: put a real pair in its place before others come" : $"from {certificate.Issuer}";
        Console.WriteLine($"{path}: {(present.Length == 0 ? "new" : complete == present ? "complete, not changed" : "completed")}");
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{pair.CertificatePath}: until {certificate.NotAfter:yyyy-MM-dd}, {issuer}"));
        return 0;
    }
}
