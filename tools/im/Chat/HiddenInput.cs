using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Im.Tool.Chat;

/// <summary>
/// A line from the terminal that is not shown. The terminal itself is told not to show it, before the question: a loop over Console.ReadKey would
/// show what is typed or pasted between two reads.
/// </summary>
internal static partial class HiddenInput
{
    // <bits/termios.h>: four words of flags, the fourth the local modes; 60 bytes in all.
    private const int TermiosBytes = 64, LocalModes = 12;

    // To hide, what was typed before the question is thrown away; to show again, what was typed after the answer is kept.
    private const int WithoutOldInput = 2, KeepingInput = 1;
    private const uint Echo = 8;

    private const int LongestLine = 4096;

    public static async Task<string> AskAsync(string question, CancellationToken cancel)
    {
        await using var terminal = new FileStream("/dev/tty", FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite, bufferSize: 0);
        var modes = new byte[TermiosBytes];
        if (TcGetAttr(terminal.SafeFileHandle, modes) != 0) throw new ChatFailure("the terminal does not say how it is set");
        try
        {
            var hidden = (byte[])modes.Clone();
            MemoryMarshal.Cast<byte, uint>(hidden.AsSpan(LocalModes, 4))[0] &= ~Echo;
            if (TcSetAttr(terminal.SafeFileHandle, WithoutOldInput, hidden) != 0) throw new ChatFailure("the terminal cannot hide what is typed");
            terminal.Write(Encoding.UTF8.GetBytes(question));
            // It cannot be cancelled and ends with the program.
            return await Task.Run(() => Line(terminal), CancellationToken.None).WaitAsync(cancel);
        }
        finally
        {
            if (TcSetAttr(terminal.SafeFileHandle, KeepingInput, modes) != 0) await Console.Error.WriteLineAsync("the terminal stays silent; 'stty echo' ends that");
            terminal.Write("\n"u8);
        }
    }

    private static string Line(FileStream terminal)
    {
        var line = new byte[LongestLine];
        var length = 0;
        // A terminal gives a line at once.
        while (length < line.Length && terminal.Read(line, length, line.Length - length) is > 0 and var read)
        {
            length += read;
            if (line[length - 1] == '\n') break;
        }

        return Encoding.UTF8.GetString(line, 0, length).TrimEnd('\n', '\r');
    }

    [LibraryImport("libc", EntryPoint = "tcgetattr")]
    private static partial int TcGetAttr(SafeFileHandle terminal, [Out] byte[] modes);

    [LibraryImport("libc", EntryPoint = "tcsetattr")]
    private static partial int TcSetAttr(SafeFileHandle terminal, int when, byte[] modes);
}
