namespace Im.Protocol;

/// <summary>One client frame as the gateway read it: the frame, or the code of the fault and the id if one could be read.</summary>
public readonly record struct ParsedFrame(ClientFrame? Frame, string? Code, string? Detail, string? Id);
