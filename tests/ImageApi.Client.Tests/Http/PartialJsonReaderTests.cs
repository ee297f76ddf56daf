using System.Text;
using ImageApi.Client.Parsing;

namespace ImageApi.Client.Tests.Http;

public sealed class PartialJsonReaderTests
{
    [Theory]
    [InlineData("""{ "id": "a" }""", "a")]
    [InlineData("""{ "job_id": "a" }""", "a")]
    [InlineData("""{ "task_id": 17, "status": "qu""", "17")]
    [InlineData("""{ "task_id": "b", "id": "a", """, "a")]
    [InlineData("""{ "id": null, "task_id": "a", """, "a")]
    [InlineData("""{ "id": "a", "id": "a", """, "a")]
    [InlineData("""{ "data": { "x": [ { "id": "no" } ], "task_id": "a", "st""", "a")]
    [InlineData("""{ "data": { "id": "b" }, "id": "a", """, "a")]
    [InlineData("""{ "output": { "id": "no" }, "id": "a" oops""", "a")]
    [InlineData("\uFEFF{ \"id\": \"a\", ", "a")]
    [InlineData("""{ "output": { "id": "no" } }""", null)]
    [InlineData("""{ "data": [ { "id": "no" } ] }""", null)]
    [InlineData("""{ "id": "a", "id": "b", """, null)]
    [InlineData("""{ "id": "cut off""", null)]
    [InlineData("""{ "id": 12""", null)]
    [InlineData("""{ "id": " " }""", null)]
    [InlineData("""{ "id": "\ud800" }""", null)]
    [InlineData("""[ "id", "a" ]""", null)]
    [InlineData("<html>", null)]
    [InlineData("", null)]
    public void Job_id_is_read_from_partial_json(string text, string? id) => Assert.Equal(id, PartialJobId.Find(Encoding.UTF8.GetBytes(text)));

    [Fact]
    public void Deep_nesting_does_not_hide_a_later_job_id() =>
        Assert.Equal("a", PartialJobId.Find(Encoding.UTF8.GetBytes($$"""{ "x": {{new string('[', 5000)}}{{new string(']', 5000)}}, "id": "a", """)));
}
