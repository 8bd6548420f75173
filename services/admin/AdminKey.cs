using System.Security.Cryptography;
using System.Text;
using Im.Hosting;
using Im.Protocol;
using Microsoft.Extensions.Options;

namespace Im.Admin;

/// <summary>
/// Whoever has the key may do everything here. It is compared in constant time and before anything of the request is read, so that without it all
/// requests get the same answer.
/// </summary>
public sealed partial class AdminKey
{
    private const string Scheme = "Bearer ";

    private readonly byte[]? _hash;

    public AdminKey(IOptions<AdminOptions> options, ILogger<AdminKey> log)
    {
        if (options.Value.Key is { Length: > 0 } key) _hash = SHA256.HashData(Encoding.UTF8.GetBytes(key));
        else LogNoKey(log);
    }

    /// <summary>Wraps the finished endpoint: a filter would come after the body was bound.</summary>
    public void Guard(IEndpointConventionBuilder api) => api.Finally(endpoint =>
    {
        var guarded = endpoint.RequestDelegate ?? throw new InvalidOperationException($"{endpoint.DisplayName} answers nothing");
        endpoint.RequestDelegate = context => IsAllowed(context.Request) ? guarded(context) : RefuseAsync(context);
    });

    private bool IsAllowed(HttpRequest request)
    {
        var header = request.Headers.Authorization;
        if (_hash is null || header.Count != 1 || header[0]?.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) != true) return false;
        return CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(header[0]![Scheme.Length..].Trim())), _hash);
    }

    private static Task RefuseAsync(HttpContext context) =>
        Problems.Of(StatusCodes.Status401Unauthorized, Codes.Unauthorized, "the admin key is missing or wrong").ExecuteAsync(context);

    [LoggerMessage(EventId = 1, Level = LogLevel.Warning, Message = "Im:Admin:Key is not set: the admin API refuses everybody")]
    private static partial void LogNoKey(ILogger log);
}
