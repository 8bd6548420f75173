using System.Text;

namespace Im.Local;

/// <summary>Log files are appended to over restarts and moved aside at a start when they have grown over 20 MB; one old file is kept.</summary>
public static class LogFile
{
    private const long RotateAbove = 20_000_000;

    internal static void Prepare(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (File.Exists(path) && new FileInfo(path).Length > RotateAbove)
            File.Move(path, path + ".1", overwrite: true);
    }

    /// <summary>The last lines of a log, at most 8 KB of them; empty if there is no such file.</summary>
    public static string Tail(string path, int lines = 15)
    {
        if (!File.Exists(path))
            return "";
        using var stream = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        stream.Seek(-Math.Min(stream.Length, 8192), SeekOrigin.End);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return string.Join('\n', reader.ReadToEnd().TrimEnd().Split('\n').TakeLast(lines));
    }
}
