namespace ImageApi.Client.Exceptions.Internal;

/// <summary>What an exception shows of a response beyond <see cref="RequestInfo"/>.</summary>
internal readonly record struct ResponseDetails(string? ErrorType, string? ErrorParam, string? Excerpt, bool IsContentRejected);
