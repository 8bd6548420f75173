using Microsoft.Extensions.Options;

namespace Im.Admin;

/// <summary>Section <c>Im:Admin</c>.</summary>
public sealed class AdminOptions
{
    public const string Section = "Im:Admin";
    public const int MinKeyLength = 32;

    /// <summary>The key of the admin API, 32 characters or more. Without one (in development only) the API refuses everybody.</summary>
    public string? Key { get; init; }
}

internal sealed class AdminOptionsRules(IHostEnvironment environment) : IValidateOptions<AdminOptions>
{
    public ValidateOptionsResult Validate(string? name, AdminOptions options)
    {
        if (string.IsNullOrEmpty(options.Key) && environment.IsDevelopment()) return ValidateOptionsResult.Success;
        return options.Key is { Length: >= AdminOptions.MinKeyLength }
            ? ValidateOptionsResult.Success
            : ValidateOptionsResult.Fail($"Im:Admin:Key is missing or shorter than {AdminOptions.MinKeyLength} characters: set a random one");
    }
}
