/** What an author says of an item, what it takes and leaves, and what is known of it. */

import * as React from 'react';
import type { HubDetail, ParameterRow } from '../api/types';
import { size } from '../kit/humane';
import { Markdown } from '../kit/markdown';
import { Prose } from '../kit/prose';
import { useDesk } from '../kit/react';
import { Block, Facts } from '../run/facts';

/** Digits of a digest that people compare; all of it is its tooltip. */
const DIGITS = 12;

/** The author's page, parameters below it, facts at its side. */
export function AboutTab({ item }: { readonly item: HubDetail }): React.ReactElement {
  const { trans } = useDesk();
  const text = withoutTitle(item.readme, item.name);
  return (
    <div className="jp-mlrun-nb-About">
      <div>
        {text !== '' && <Markdown text={text} />}
        <Block title={trans.__('Parameters')}>
          {item.parameters.length > 0 ? (
            <ParameterTable parameters={item.parameters} />
          ) : (
            <p>{trans.__('It takes none.')}</p>
          )}
        </Block>
      </div>
      <aside>
        <Names title={trans.__('Inputs')} names={item.inputs} none={trans.__('none')} />
        <Names title={trans.__('Outputs')} names={item.outputs} none={trans.__('none')} />
        <Names
          title={trans.__('Requires')}
          names={item.requirements}
          none={trans.__('nothing more')}
        />
        <Block title={trans.__('Published as')}>
          <Facts
            facts={[
              { name: trans.__('function'), value: item.function },
              { name: trans.__('license'), value: item.license || trans.__('not stated') },
              {
                name: trans.__('files'),
                value: (
                  <span title={item.files.join('\n')}>
                    {item.files.length} · {size(item.size_bytes)}
                  </span>
                )
              },
              {
                name: trans.__('digest'),
                value: <span title={item.digest}>{digitsOf(item.digest)}</span>
              }
            ]}
          />
        </Block>
      </aside>
    </div>
  );
}

function Names({
  title,
  names,
  none
}: {
  readonly title: string;
  readonly names: readonly string[];
  readonly none: string;
}): React.ReactElement {
  return (
    <Block title={title}>
      {names.length > 0 ? (
        <ul className="jp-mlrun-nb-Names">
          {names.map(name => (
            <li key={name}>
              <code>{name}</code>
            </li>
          ))}
        </ul>
      ) : (
        <p className="jp-mlrun-nb-hint">{none}</p>
      )}
    </Block>
  );
}

function ParameterTable({
  parameters
}: {
  readonly parameters: readonly ParameterRow[];
}): React.ReactElement {
  const { trans } = useDesk();
  return (
    <div className="jp-mlrun-nb-Scrolled">
      <table className="jp-mlrun-nb-Table jp-mod-parameters">
        <thead>
          <tr>
            <th scope="col">{trans.__('Name')}</th>
            <th scope="col">{trans.__('Type')}</th>
            <th scope="col">{trans.__('Default')}</th>
            <th scope="col">{trans.__('What it is for')}</th>
          </tr>
        </thead>
        <tbody>
          {parameters.map(each => (
            <tr key={each.name}>
              <th scope="row">
                <code>{each.name}</code>
              </th>
              <td>
                <code>{each.type}</code>
              </td>
              <td>{each.required ? trans.__('must be given') : <code>{defaultOf(each)}</code>}</td>
              <td>
                <Prose text={each.description} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** What stands behind `=` where it is declared. */
function defaultOf({ declaration }: ParameterRow): string {
  const at = declaration.indexOf(' = ');
  return at < 0 ? '' : declaration.slice(at + 3);
}

/** The page has the name above it already. */
function withoutTitle(readme: string, name: string): string {
  const [first = '', ...rest] = readme.trim().split('\n');
  return first === `# ${name}` ? rest.join('\n').trim() : readme.trim();
}

function digitsOf(digest: string): string {
  return digest.slice(digest.indexOf(':') + 1).slice(0, DIGITS);
}
