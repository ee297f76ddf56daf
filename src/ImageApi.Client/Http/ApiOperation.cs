namespace ImageApi.Client.Http;

/// <summary>One kind of call: its name in errors and logs, what is at stake in it, and the settings that limit its time.</summary>
internal sealed record ApiOperation(string Name, OperationKind Kind, string TimeLimit);
