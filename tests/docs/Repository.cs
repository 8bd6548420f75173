using System.Reflection;

namespace Im.Docs.Tests;

/// <summary>Where the sources lie that these tests were built from: the documents that they check are not copied.</summary>
internal static class Repository
{
    public static string Root { get; } = typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "RepositoryRoot").Value!;

    public static string Docs => Path.Combine(Root, "docs");

    public static string Tests => Path.Combine(Root, "tests", "docs");
}
