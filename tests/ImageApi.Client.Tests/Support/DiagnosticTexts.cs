using System.Reflection;

namespace ImageApi.Client.Tests.Support;

/// <summary>Everything that a result or an exception of the library says by itself, in a log or a debugger.</summary>
internal static class DiagnosticTexts
{
    public static IEnumerable<(string Place, string? Text)> AllOf(object value) => value switch
    {
        Exception error => FromException(error),
        Job job => [FromToString(job), FromToString(job.Status), FromToString(job.Output), FromToString(job.Error), .. job.Output.All.SelectMany(FromMedia), ("Job.RequestId", job.RequestId)],
        ImageResult result => 
        [
            FromToString(result), FromToString(result.Size), FromToString(result.Quality), FromToString(result.OutputFormat), FromToString(result.Background), FromToString(result.Usage),
            .. result.Images.SelectMany(FromMedia), ("ImageResult.RequestId", result.RequestId),
        ],
        UploadedFile file => [FromToString(file), FromToString(file.Kind), FromToString(file.Purpose), ("UploadedFile.RequestId", file.RequestId)],
        SavedMedia saved => [FromToString(saved), .. FromMedia(saved.Media)],
        _ => [FromToString(value)],
    };

    private static IEnumerable<(string Place, string? Text)> FromException(Exception exception)
    {
        yield return FromToString(exception);
        foreach (var entryName in exception.Data.Keys)
        {
            yield return ("Exception.Data", $"{entryName}={exception.Data[entryName]}");
        }

        foreach (var property in exception.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            if (property.GetValue(exception) is not { } propertyValue || propertyValue is Exception)
            {
                continue;
            }

            foreach (var item in propertyValue is Job ? AllOf(propertyValue) : [($"{exception.GetType().Name}.{property.Name}", propertyValue.ToString())])
            {
                yield return item;
            }
        }

        if (exception.InnerException is { } inner)
        {
            foreach (var item in FromException(inner))
            {
                yield return item;
            }
        }
    }

    private static IEnumerable<(string Place, string? Text)> FromMedia(GeneratedMedia media) =>
        [FromToString(media), FromToString(media.Error), ("GenerationError", $"{media.Error?.Message} {media.Error?.Code} {media.Error?.Type}")];

    private static (string Place, string? Text) FromToString(object? value) => ($"{value?.GetType().Name}.ToString()", value?.ToString());
}
