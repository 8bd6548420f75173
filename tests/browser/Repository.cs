using System.Reflection;

namespace Im.Browser.Tests;

/// <summary>Where the sources lie that these tests were built from: the scripts that they run are not copied.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    public static string WebTests => Path.Combine(Root, "tests", "web");
}
