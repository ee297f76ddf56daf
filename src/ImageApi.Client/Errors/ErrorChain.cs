namespace ImageApi.Client.Errors;

/// <summary>An error and those that it wraps.</summary>
internal static class ErrorChain
{
    public static IEnumerable<Exception> From(Exception? error)
    {
        for (var current = error; current is not null; current = current is AggregateException several ? several.InnerExceptions.FirstOrDefault() : current.InnerException)
        {
            yield return current;
        }
    }
}
