import Link from '@docusaurus/Link';
import Layout from '@theme/Layout';

export default function First() {
  return (
    <Layout title="first">
      <h1>first</h1>
      <Link id="next" to="/second">second</Link>
      <github-sign-in proxy="https://auth.example.com"></github-sign-in>
    </Layout>
  );
}
