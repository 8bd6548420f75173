using System.CommandLine;
using System.CommandLine.Invocation;
using Im.Tool;

var root = Commands.Root();
// Without any word the help is what is wanted, though nothing was done.
var parsed = root.Parse(args.Length == 0 ? ["--help"] : args);
if (parsed is { Errors.Count: > 0, Action: ParseErrorAction }) return Misread.Explain(parsed, Console.Error);

// A stop may take as long as the slowest server; the default would cut it off after 2 s.
var status = await parsed.InvokeAsync(new InvocationConfiguration { ProcessTerminationTimeout = TimeSpan.FromSeconds(60), EnableDefaultExceptionHandler = false });
return args.Length == 0 ? 2 : status;
