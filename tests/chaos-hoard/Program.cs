// A process whose memory is known. Each line of its input is a number of MiB: it fills so much, of which it keeps what has a plus before it, and says that it did.
using System.Globalization;
using System.Runtime.CompilerServices;

var kept = new List<byte[]>();
while (Console.ReadLine() is { } line)
{
    Fill(int.Parse(line, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture), kept, line.StartsWith('+'));
    Console.WriteLine(kept.Count);
}

// Not in line: what a method that goes on has in its locals is no garbage.
[MethodImpl(MethodImplOptions.NoInlining)]
static void Fill(int mebibytes, List<byte[]> kept, bool keeps)
{
    var into = keeps ? kept : [];
    for (var nr = 0; nr < mebibytes * 64; nr++)
    {
        // Small ones, as messages are: the heap of large objects has its own ways. And filled: untouched pages are not resident.
        var bytes = new byte[16 * 1024];
        Array.Fill(bytes, (byte)1);
        into.Add(bytes);
    }
}
