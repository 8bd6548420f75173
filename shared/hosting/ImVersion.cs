namespace Im.Hosting;

/// <summary>The version of the build, as <c>1.2.3</c>: on the node board and in everything that is exported.</summary>
public static class ImVersion
{
    public static readonly string Text = typeof(ImVersion).Assembly.GetName().Version?.ToString(3) ?? "0";
}
